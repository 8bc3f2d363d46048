import { unwatchFile, watchFile } from 'node:fs';
import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { ConfiguredAlerts } from './configured-alerts.ts';
import { Notifier } from './notify/notifier.ts';
import { AlertCommands } from './pipeline/alert-commands.ts';
import type { AlertUnit } from './pipeline/alert-rule.ts';
import { AlertRuleSet } from './pipeline/alert-rule-set.ts';
import { AlertStream } from './pipeline/alert-stream.ts';
import type { StagingArena } from './pipeline/staging.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import type { TelemetryStore } from './store/telemetry-store.ts';

const TICK_MILLISECONDS = 250;
const FILE_INTERVAL_MILLISECONDS = 1_000;
/** Without a file of `--alerts`. */
const NOT_CONFIGURED: ConfiguredAlerts = {
  channels: { allowPrivateRanges: [], runChannels: [], channels: new Map() },
  rules: [],
};
const PRUNE_INTERVAL_MILLISECONDS = 3_600_000;
const KEPT_MESSAGES_NANO = 7n * 86_400n * 1_000_000_000n;

export interface AlertingParts {
  readonly catalog: CatalogStore;
  readonly telemetry: TelemetryStore;
  readonly arena: StagingArena;
  /** The file of `--alerts`. */
  readonly file: string | undefined;
  readonly unit: AlertUnit;
  /** Base of links to the page. */
  readonly pageUrl: () => string;
  /** An alert of the run has another status. */
  readonly onRunChanged: (runId: string) => void;
  /** The log is needed from a later record on. */
  readonly onPosition: () => void;
  readonly onError: (what: string, error: unknown) => void;
}

/** Everything that alerts need: their evaluation, what is said of them, and the channels. */
export interface Alerting {
  readonly stream: AlertStream;
  readonly commands: AlertCommands;
  readonly notifier: Notifier;
  /** The run is new, or something of it is different. */
  runChanged(runId: string): void;
  /** Begins to evaluate by wall time and to send; after the replay, when the page can be reached. */
  start(): void;
  /** Writes everything; nothing may be observed after it. */
  close(): Promise<void>;
}

/** @throws SimvueError `SIMVUE_ERR_CONFIG` when the file of `--alerts` cannot be used. */
export async function createAlerting(parts: AlertingParts): Promise<Alerting> {
  const { catalog, telemetry, arena, file, unit, pageUrl, onRunChanged, onPosition, onError } = parts;
  const { alerts, alertStates: states, outbox } = catalog;
  const clock = Date.now;
  const report = (error: unknown): void => onError('alerts', error);
  const onUnknown = (name: string): void =>
    report(`there is no channel "${name}": configure it in the file of --alerts`);
  const notifier = new Notifier({
    outbox,
    states,
    pageUrl,
    clock,
    environment: process.env,
    onError: report,
    onUnknown,
  });
  const shared = { alerts, states, channels: notifier, unit, clock, onRunChanged, onMessages: () => notifier.wake() };
  const findRun = catalog.findRun.bind(catalog);
  const stream = new AlertStream({ ...shared, findRun, telemetry, arena, onPosition, onError: report });
  const rules = new AlertRuleSet(alerts, catalog);
  const load = async (): Promise<void> => {
    const configured = file === undefined ? NOT_CONFIGURED : await readFileOfAlerts(file);
    await notifier.configure(configured.channels);
    await rules.set(configured.rules);
  };
  await load();
  // One after the other: a slow one must not undo what a later one has set.
  let loading = Promise.resolve();
  const reload = (): void => {
    loading = loading.then(load).catch(report);
  };
  const timers: NodeJS.Timeout[] = [];
  const every = (milliseconds: number, work: () => void): void => {
    const guarded = (): void => {
      try {
        work();
      } catch (error) {
        report(error);
      }
    };
    timers.push(setInterval(guarded, milliseconds));
  };
  return {
    stream,
    commands: new AlertCommands({ ...shared, catalog }),
    notifier,
    runChanged(runId) {
      rules.runChanged(runId).catch(report);
      stream.runChanged(runId);
    },
    start() {
      stream.start().catch(report);
      every(TICK_MILLISECONDS, () => stream.tick());
      every(PRUNE_INTERVAL_MILLISECONDS, () => {
        const lost = outbox.prune(BigInt(clock()) * NANOS_PER_MILLISECOND - KEPT_MESSAGES_NANO);
        if (lost > 0) report(`${lost} messages of last week were given up: their channels never took them`);
      });
      if (file !== undefined) watchFile(file, { interval: FILE_INTERVAL_MILLISECONDS }, reload);
      notifier.start();
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      if (file !== undefined) unwatchFile(file, reload);
      await loading;
      await notifier.close();
      await stream.close();
    },
  };
}

/** What reads the file is loaded when there is one. */
async function readFileOfAlerts(path: string): Promise<ConfiguredAlerts> {
  const { readConfiguredAlerts } = await import('./configured-alerts.ts');
  return readConfiguredAlerts(path);
}
