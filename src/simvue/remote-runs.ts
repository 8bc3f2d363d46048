import { createHash } from 'node:crypto';
import type { Resource } from '@opentelemetry/resources';
import { UnavailableError } from '../control/answer-error.ts';
import type { ControlClient } from '../control/control-client.ts';
import { isTerminal } from '../run-status.ts';
import { DEFAULT_HEARTBEAT_TIMEOUT_SECONDS, RESOURCE, type RunStatus, TOTAL_STEPS_KEY } from '../semconv.ts';
import { formatTimestamp, parseTimestamp } from '../time.ts';
import { ensureFolder, RemoteRun } from './remote-run.ts';
import { resourceTags } from './resource-tags.ts';

/** Metadata key by which a run is found again, after a restart and from other processes. */
const KEY = 'otel_run_key';

/** What a run begins with: body of `POST /api/runs`. */
export interface NewRun {
  readonly folder: string;
  readonly status: RunStatus;
  readonly started?: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly heartbeat_timeout: number | null;
  readonly [field: string]: unknown;
}

interface RunView {
  readonly id: string;
  readonly status: RunStatus;
  readonly started: string | null;
  readonly created: string | null;
  readonly tags: readonly string[];
}

/** What a run is known by. OpenTelemetry's `Resource` is one, but has no place for null. */
export type RunResource = Pick<Resource, 'attributes' | 'waitForAsyncAttributes'>;

/** Finds or makes the run of each resource, once. */
export class RemoteRuns {
  readonly #client: ControlClient;
  readonly #runs = new Map<string, Promise<RemoteRun>>();

  constructor(client: ControlClient) {
    this.#client = client;
  }

  /** The runs that were found or made so far. */
  async all(): Promise<RemoteRun[]> {
    const settled = await Promise.allSettled(this.#runs.values());
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /**
   * @param firstUnixNano - start of the run, if it is new.
   * @param revives - whether data means that a run goes on which has ended: not when its program says how it goes.
   */
  async of(resource: RunResource, firstUnixNano: bigint, signal: AbortSignal, revives = true): Promise<RemoteRun> {
    await resource.waitForAsyncAttributes?.();
    const key = runKey(resource);
    const known = this.#runs.get(key);
    if (known !== undefined) return unlessAborted(known, signal);
    const run = this.#ofResource(resource, key, firstUnixNano, signal, revives);
    this.#runs.set(key, run);
    run.catch(() => this.#runs.delete(key));
    return run;
  }

  /**
   * Finds or makes the run that stands for a run of another server; it is not remembered, and ends with that one.
   *
   * @param identity - `simvue.run.id` of the run, or its id there.
   */
  async standInFor(identity: string, json: NewRun, signal: AbortSignal): Promise<RemoteRun> {
    const key = keyOf(identity);
    const found = (await this.#find(key, signal)) ?? (await this.#create(json, key, signal));
    return this.known(found.id, parseTimestamp(found.started ?? '') ?? parseTimestamp(json.started ?? '') ?? 0n);
  }

  /** The run with an id of which it is known that it is there. */
  known(id: string, startUnixNano: bigint): RemoteRun {
    return new RemoteRun(this.#client, id, startUnixNano, []);
  }

  async #ofResource(
    resource: RunResource,
    key: string,
    firstUnixNano: bigint,
    signal: AbortSignal,
    revives: boolean,
  ): Promise<RemoteRun> {
    const run = newRun(resource, firstUnixNano);
    const found = (await this.#find(key, signal)) ?? (await this.#create(run, key, signal));
    if (revives && (isTerminal(found.status) || found.status === 'lost')) {
      const path = `/runs/${found.id}`;
      await this.#client.jsonEventually({ method: 'PUT', path, json: { status: 'running' }, signal });
    }
    const started = parseTimestamp(found.started ?? '') ?? firstUnixNano;
    return new RemoteRun(this.#client, found.id, started, found.tags);
  }

  /** Of several, which processes that began at the same time may have made, all choose the same. */
  async #find(key: string, signal: AbortSignal): Promise<RunView | undefined> {
    const sorting = JSON.stringify([{ id: 'created', desc: false }]);
    const query = { filters: JSON.stringify([`metadata.${KEY} == ${key}`]), sorting, start: '0', count: '10' };
    const { data } = await this.#client.jsonEventually<{ data: RunView[] }>({
      method: 'GET',
      path: '/runs',
      query,
      signal,
    });
    const order = ({ created, id }: RunView) => `${created} ${id}`;
    return data.reduce<RunView | undefined>(
      (first, run) => (first === undefined || order(run) < order(first) ? run : first),
      undefined,
    );
  }

  async #create(run: NewRun, key: string, signal: AbortSignal): Promise<RunView> {
    const json = { ...run, metadata: { ...run.metadata, [KEY]: key } };
    await ensureFolder(this.#client, json.folder, signal);
    const { id } = await this.#client.jsonEventually<{ id: string }>({ method: 'POST', path: '/runs', json, signal });
    const first = await this.#find(key, signal);
    const { status, started = null, tags } = run;
    const own = { id, status, started, created: null, tags };
    if (first === undefined || first.id === id) return own;
    await this.#client.jsonEventually({ method: 'DELETE', path: `/runs/${id}`, signal });
    return first;
  }
}

/** Whoever waits for what another caller has asked for goes by its own deadline. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new UnavailableError('there was no answer in time'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function newRun({ attributes }: RunResource, firstUnixNano: bigint): NewRun {
  const text = (name: string) => attributes[name]?.toString();
  const prefix = RESOURCE.runMetadataPrefix;
  const metadata = Object.entries(attributes).filter(([name]) => name.startsWith(prefix));
  const heartbeat = attributes[RESOURCE.runHeartbeatTimeout];
  const name = text(RESOURCE.runName);
  const description = text(RESOURCE.runDescription);
  const retention = attributes[RESOURCE.runRetention];
  const totalSteps = attributes[RESOURCE.runTotalSteps];
  return {
    folder: text(RESOURCE.runFolder) ?? '/',
    status: 'running',
    started: formatTimestamp(firstUnixNano),
    tags: resourceTags(attributes[RESOURCE.runTags]),
    metadata: {
      ...Object.fromEntries(metadata.map(([path, value]) => [path.slice(prefix.length), value])),
      ...(totalSteps === undefined ? {} : { [TOTAL_STEPS_KEY]: totalSteps }),
    },
    heartbeat_timeout: heartbeat === undefined ? DEFAULT_HEARTBEAT_TIMEOUT_SECONDS : Number(heartbeat) || null,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(retention === undefined ? {} : { ttl: Number(retention) }),
  };
}

/** The run id of the resource, else what tells its process from others. */
function runKey({ attributes }: RunResource): string {
  const parts = [
    RESOURCE.serviceNamespace,
    RESOURCE.serviceName,
    RESOURCE.serviceInstanceId,
    RESOURCE.hostName,
    RESOURCE.processPid,
    RESOURCE.processCreationTime,
  ];
  const process = () => parts.map((part) => attributes[part] ?? '').join('\n');
  const identity = attributes[RESOURCE.runId]?.toString() ?? process();
  return keyOf(identity);
}

function keyOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
