import { diag } from '@opentelemetry/api';
import { findEndpoints } from '../config/load-settings.ts';
import { ControlClient } from '../control/control-client.ts';
import type { ControlAddress } from '../endpoints.ts';
import { errorText } from '../errors.ts';
import { formatTimestamp, NANOS_PER_MILLISECOND } from '../time.ts';
import { RemoteRuns } from './remote-runs.ts';

/** Where a Simvue server is; what is left out comes from `SIMVUE_URL` and `SIMVUE_TOKEN`. */
export interface SimvueExporterOptions {
  readonly url?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest time for one export, attempts together, milliseconds; default 30,000. */
  readonly timeoutMillis?: number;
}

const DEFAULT_TIMEOUT_MILLIS = 30_000;
const HEARTBEAT_MILLIS = 60_000;
const END_TIMEOUT_MILLIS = 5_000;

/** One server for all exporters of a process with the same address and credentials, so that a run is made once. */
const servers = new Map<string, SimvueServer>();

/** A Simvue server as exporters see it; belongs to all that opened it, and ends with the last of them. */
export class SimvueServer {
  readonly runs: RemoteRuns;
  readonly #key: string;
  readonly #client: ControlClient;
  readonly #stop = new AbortController();
  #users = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  private constructor(key: string, client: ControlClient) {
    this.#key = key;
    this.#client = client;
    this.runs = new RemoteRuns(client);
  }

  /** For exporters, whose runs live as long as they do. @throws `SIMVUE_ERR_CONFIG` that names the setting. */
  static open(options: SimvueExporterOptions): SimvueServer {
    const { control } = findEndpoints(options);
    const server = SimvueServer.at({ ...control, headers: { ...control.headers, ...options.headers } });
    server.#heartbeat ??= setInterval(() => void server.#beat(), HEARTBEAT_MILLIS).unref();
    return server;
  }

  static at(address: ControlAddress): SimvueServer {
    const key = JSON.stringify(address);
    const server = servers.get(key) ?? new SimvueServer(key, new ControlClient(address));
    servers.set(key, server);
    server.#users++;
    return server;
  }

  /** Aborts when the time of an export is over, or the exporters are shut down. */
  deadline(timeoutMillis = DEFAULT_TIMEOUT_MILLIS): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(timeoutMillis), this.#stop.signal]);
  }

  /** Ends nothing but the use: the program says, or has said, how its run goes. */
  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    clearInterval(this.#heartbeat);
    servers.delete(this.#key);
    this.#stop.abort();
    await this.#client.close();
  }

  /** Between exports that are far apart, and while nothing is recorded, the runs must not be taken for lost. */
  async #beat(): Promise<void> {
    const signal = this.deadline(END_TIMEOUT_MILLIS);
    const runs = (await this.runs.all()).filter(({ isEnded }) => !isEnded);
    for (const beat of await Promise.allSettled(runs.map((run) => run.heartbeat(signal)))) {
      if (beat.status === 'rejected') diag.debug(`No sign of life of a Simvue run: ${errorText(beat.reason)}`);
    }
  }

  /** Ends the runs of which only telemetry was seen. @returns what went wrong. */
  async close(): Promise<string[]> {
    if (this.#users > 1) {
      await this.leave();
      return [];
    }
    servers.delete(this.#key);
    const endtime = formatTimestamp(BigInt(Date.now()) * NANOS_PER_MILLISECOND);
    const signal = this.deadline(END_TIMEOUT_MILLIS);
    const ends = (await this.runs.all()).map((run) => run.complete(endtime, signal));
    const settled = await Promise.allSettled(ends);
    await this.leave();
    return settled.flatMap((end) => (end.status === 'rejected' ? [errorText(end.reason)] : []));
  }
}
