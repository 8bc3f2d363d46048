import type { MeterProvider } from '@opentelemetry/api';
import type { LoggerProvider, LogRecord } from '@opentelemetry/api-logs';
import { type ApplicationApi, applicationApi, type LogsEntry, type MetricsEntry } from './application-api.ts';
import { followProvider } from './followed-meters.ts';
import type { InstrumentValues } from './instrument-values.ts';
import { withMembers } from './replaced-members.ts';

const API_GLOBAL = Symbol.for('opentelemetry.js.api.1');

/** Where what a program does with OpenTelemetry goes. */
export interface Follower {
  readonly values: InstrumentValues;
  readonly onLog: (record: LogRecord) => unknown;
  /** Hears of callbacks of the program that fail. */
  readonly onProblem: (error: unknown) => void;
}

/** The API of a program, followed. */
export interface FollowedApi {
  /** Reads the observable instruments that no SDK of the program reads. */
  poll(): void;
}

/**
 * Follows what a program does with the OpenTelemetry API. Its own SDK, registered now or later, gets exactly what it would get without us:
 * nothing global is registered, only the API's entry points hand out followed meters and loggers.
 */
export async function followApi(main: string | undefined, follower: Follower): Promise<FollowedApi> {
  const polled = new Map<object, () => void | Promise<void>>();
  const api: ApplicationApi = await applicationApi(main, process.cwd());
  for (const entry of api.metrics) followMetrics(entry, follower.values, polled);
  for (const entry of api.logs) followLogs(entry, follower.onLog);
  return {
    poll: () => {
      for (const call of polled.values()) void callSafely(call, follower.onProblem);
    },
  };
}

async function callSafely(call: () => void | Promise<void>, onProblem: Follower['onProblem']): Promise<void> {
  try {
    await call();
  } catch (error) {
    onProblem(error);
  }
}

function followMetrics(
  entry: MetricsEntry,
  values: InstrumentValues,
  polled: Map<object, () => void | Promise<void>>,
): void {
  const getProvider = entry.getMeterProvider.bind(entry);
  const followed = { values, polled, noProvider: hasProvider() ? undefined : getProvider() };
  const providers = new WeakMap<MeterProvider, MeterProvider>();
  entry.getMeterProvider = () => {
    const provider = getProvider();
    const known = providers.get(provider) ?? followProvider(provider, followed);
    providers.set(provider, known);
    return known;
  };
}

/** Whether an SDK was registered before us. */
function hasProvider(): boolean {
  const registered = (globalThis as Record<symbol, { readonly metrics?: object } | undefined>)[API_GLOBAL];
  return registered?.metrics !== undefined;
}

/** The API hands out loggers that find the program's SDK even when it comes later. */
function followLogs(entry: LogsEntry, onLog: Follower['onLog']): void {
  const getProvider = entry.getLoggerProvider.bind(entry);
  const providers = new WeakMap<LoggerProvider, LoggerProvider>();
  entry.getLoggerProvider = () => {
    const provider = getProvider();
    const known = providers.get(provider) ?? followLoggers(provider, onLog);
    providers.set(provider, known);
    return known;
  };
}

function followLoggers(provider: LoggerProvider, onLog: Follower['onLog']): LoggerProvider {
  return withMembers(provider, {
    getLogger: (name, version, options) => {
      const logger = provider.getLogger(name, version, options);
      return withMembers(logger, {
        emit: (record) => {
          logger.emit(record);
          onLog(record);
        },
        enabled: () => true,
      });
    },
  });
}
