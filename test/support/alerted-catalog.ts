import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AlertStream, type AlertStreamParts } from '../../collector/pipeline/alert-stream.ts';
import { randomId } from '../../collector/pipeline/run-id.ts';
import type { AlertDefinition, AlertRule } from '../../collector/store/alert-store.ts';
import type { CatalogStore } from '../../collector/store/catalog-store.ts';
import { openCatalog } from '../../collector/store/sqlite-catalog.ts';

const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const START = Date.UTC(2026, 0, 1);
export const unixNano = (milliseconds: number): bigint => BigInt(milliseconds) * 1_000_000n;
export const NO_DATA: AlertRule = { rule: 'has no data', metric: 'loss', window: 1, frequency: 1 };

/** What was evaluated is written a few turns of the event loop later. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await setImmediate();
}

/** Alerts over a catalogue that is real and a store of points that is empty, at a time that the test sets. */
export class AlertedCatalog implements AsyncDisposable {
  readonly catalog: CatalogStore;
  readonly #directory: string;
  now = START;
  /** Failures that were reported. */
  readonly errors: unknown[] = [];

  private constructor(directory: string) {
    this.#directory = directory;
    this.catalog = openCatalog(join(directory, 'catalog.db'), () => unixNano(this.now));
  }

  static async open(): Promise<AlertedCatalog> {
    return new AlertedCatalog(await mkdtemp(join(tmpdir(), 'simvue-alerted-')));
  }

  openStream(change: Partial<AlertStreamParts> = {}): AlertStream {
    const { catalog } = this;
    return new AlertStream({
      alerts: catalog.alerts,
      states: catalog.alertStates,
      findRun: (id) => catalog.findRun(id),
      telemetry: { openRun: async () => [], points: async () => [] },
      arena: {
        block: () => {
          throw new RangeError('no points are staged');
        },
      },
      channels: { has: (name) => name === 'hook', forRuns: ['hook'] },
      unit: 'minutes',
      clock: () => this.now,
      onRunChanged: () => undefined,
      onMessages: () => undefined,
      onPosition: () => undefined,
      onError: (error) => this.errors.push(error),
      ...change,
    });
  }

  /** A run that started at some time, with an alert. */
  async createRun(
    startedAt: number,
    source: AlertDefinition['source'],
    rule: AlertRule,
    name = 'a',
  ): Promise<{ run: string; alert: string }> {
    const run = randomId();
    const change = { timeUnixNano: unixNano(startedAt), uid: 'a', instance: '' };
    await this.catalog.apply(run, [
      { ...change, startedUnixNano: unixNano(startedAt), lifecycle: { status: 'running' } },
    ]);
    const alert = await this.createAlert(source, rule, name);
    await this.catalog.alerts.attach(run, [alert]);
    return { run, alert };
  }

  /** More runs that start now, with an alert. */
  async createRuns(count: number, alert: string): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomId());
    const startedUnixNano = unixNano(this.now);
    const started = { timeUnixNano: startedUnixNano, uid: 'a', instance: '', startedUnixNano } as const;
    await Promise.all(ids.map((id) => this.catalog.apply(id, [{ ...started, lifecycle: { status: 'running' } }])));
    for (const id of ids) await this.catalog.alerts.attach(id, [alert]);
    return ids;
  }

  async createAlert(source: AlertDefinition['source'], rule: AlertRule, name: string): Promise<string> {
    const definition = {
      name,
      source,
      rule,
      description: null,
      notification: 'hook',
      enabled: true,
      abort: true,
      auto: false,
      runTags: [],
      delay: 0,
    };
    return (await this.catalog.alerts.create(definition, { user: 'u', tenant: 'default' }, true)).id;
  }

  /** Adds an alert on metrics, as a program of the run defines it. */
  async createAlertIn(run: string, rule: AlertRule, name = 'a'): Promise<string> {
    const alert = await this.createAlert('metrics', rule, name);
    await this.catalog.alerts.add(run, [alert]);
    return alert;
  }

  /** The run has another status from now on. */
  async setStatus(run: string, status: 'completed' | 'failed' | 'terminated'): Promise<void> {
    const timeUnixNano = unixNano(this.now);
    await this.catalog.apply(run, [
      { timeUnixNano, uid: `${status} ${this.now}`, instance: '', lifecycle: { status } },
    ]);
  }

  /** Lets wall time pass, a tick of the stream each second, and what was evaluated be written. */
  async pass(stream: AlertStream, milliseconds: number): Promise<void> {
    for (const until = this.now + milliseconds; this.now < until; ) {
      this.now += SECOND;
      stream.tick();
    }
    await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.catalog.close();
    await rm(this.#directory, { recursive: true });
  }
}
