import type { AttributeMap } from './attributes.ts';

/** One event or control change of a run, before encoding. */
export interface LogRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** OTLP severity number, 1 to 24; 0 = not given. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string | undefined;
  /** Reserved name of a control change, empty for an event. */
  readonly eventName: string;
  readonly attributes: AttributeMap;
}

/** Severity numbers of OTLP. */
export const LEVELS = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  warning: 13,
  error: 17,
  fatal: 21,
  critical: 21,
} as const;
/** Levels of `logEvent`; the Python spellings `warning` and `critical` are understood too. */
export type Level = keyof typeof LEVELS;
