import { errorText } from 'simvue-otel/errors';
import { AlertCommands } from './pipeline/alert-commands.ts';
import type { Channels } from './pipeline/alert-message.ts';
import type { AlertUnit } from './pipeline/alert-rule.ts';
import { AlertStream } from './pipeline/alert-stream.ts';
import type { StagingArena } from './pipeline/staging.ts';
import type { CatalogStore } from './store/catalog-store.ts';
import type { TelemetryStore } from './store/telemetry-store.ts';

const TICK_MILLISECONDS = 250;

export interface AlertingParts {
  readonly catalog: CatalogStore;
  readonly telemetry: TelemetryStore;
  readonly arena: StagingArena;
  readonly unit: AlertUnit;
  /** An alert of the run has another status. */
  readonly onRunChanged: (runId: string) => void;
  readonly onError: (message: string) => void;
}

/** Everything that alerts need: the evaluation, what is said of them, and the channels. */
export interface Alerting {
  readonly stream: AlertStream;
  readonly commands: AlertCommands;
  /** Begins to evaluate by wall time and to send; after the replay. @returns how to stop. */
  start(): () => Promise<void>;
}

export function createAlerting({ catalog, telemetry, arena, unit, onRunChanged, onError }: AlertingParts): Alerting {
  const { alerts, alertStates: states } = catalog;
  const channels: Channels = { has: () => false, forRuns: [] };
  const onMessages = (): void => undefined;
  const report = (error: unknown): void => onError(`alerts: ${errorText(error)}`);
  const clock = Date.now;
  const shared = { alerts, states, channels, unit, clock, onRunChanged, onMessages };
  const findRun = catalog.findRun.bind(catalog);
  const stream = new AlertStream({ ...shared, findRun, telemetry, arena, onError: report });
  const commands = new AlertCommands({ ...shared, catalog });
  return {
    stream,
    commands,
    start() {
      stream.start();
      const timer = setInterval(() => {
        try {
          stream.tick();
        } catch (error) {
          report(error);
        }
      }, TICK_MILLISECONDS);
      return async () => {
        clearInterval(timer);
        await stream.close();
      };
    },
  };
}
