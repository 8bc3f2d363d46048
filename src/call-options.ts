import type { SaveOptions } from './artifacts/run-artifacts.ts';
import type { LogMetricsOptions } from './metric-values.ts';
import {
  ANY,
  BOOLEAN,
  FROM_ONE,
  FUNCTION,
  INTEGER,
  isRecord,
  type Kind,
  RECORD,
  TEXT,
  TEXTS,
  wrongOptions,
} from './option-kinds.ts';
import type { ProcessOptions } from './processes/run-processes.ts';
import type { LogEventOptions } from './run-event.ts';
import type { FolderDetails, ReconnectOptions } from './run-options.ts';

type Kinds<Options> = Readonly<Record<keyof Options, Kind>>;

/** What the options of calls must be; `ANY` is checked by the call itself. */
export const CALL_OPTIONS = {
  logMetrics: { step: ANY, time: ANY, timestamp: ANY } satisfies Kinds<LogMetricsOptions>,
  logEvent: { timestamp: ANY, level: ANY, attributes: RECORD } satisfies Kinds<LogEventOptions>,
  save: {
    name: ANY,
    fileType: ANY,
    preservePath: BOOLEAN,
    metadata: RECORD,
    onProgress: FUNCTION,
  } satisfies Kinds<SaveOptions>,
  setFolderDetails: { metadata: RECORD, tags: TEXTS, description: TEXT } satisfies Kinds<FolderDetails>,
  reconnect: { attempt: INTEGER, firstStep: INTEGER, totalSteps: FROM_ONE } satisfies Kinds<ReconnectOptions>,
  addProcess: {
    executable: ANY,
    args: TEXTS,
    cwd: TEXT,
    env: RECORD,
    script: TEXT,
    inputFile: TEXT,
    onCompletion: FUNCTION,
  } satisfies Kinds<ProcessOptions>,
};

/** Whether they are options of `logMetrics` and nothing else; the price of it is paid at each call. */
export function areMetricsOptions(options: object): boolean {
  if (Array.isArray(options) || options instanceof Date) return false;
  for (const key in options) if (key !== 'step' && key !== 'time' && key !== 'timestamp') return false;
  return true;
}

/** Options of a call without what is wrong in them, and what that is. */
export function checkOptions<Options extends object>(
  call: string,
  given: Options | null | undefined,
  kinds: Kinds<Options>,
): { readonly options: Options; readonly problems: readonly string[] } {
  if (given === undefined || given === null) return { options: {} as Options, problems: [] };
  if (!isRecord(given)) return { options: {} as Options, problems: [`${call}: options must be an object`] };
  const wrong = wrongOptions(given, kinds);
  if (wrong.size === 0) return { options: given, problems: [] };
  const right = Object.entries(given).filter(([key]) => !wrong.has(key));
  return {
    options: Object.fromEntries(right) as Options,
    problems: [...wrong].map(([key, problem]) => `${call}: ${key} ${problem}`),
  };
}
