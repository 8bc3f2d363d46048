import type { Run } from '../run.ts';
import { type Format, jsonLines, keyValues, pattern, separatedValues } from './line-readers.ts';
import type { Columns, LineReader } from './reading.ts';

/** A log whose lines hold values. */
export interface MetricLog {
  /** `-` = what the program writes to its standard output. */
  readonly path: string;
  readonly format: Format;
  /** Regular expression of the format `pattern`. */
  readonly pattern?: string;
}

/** Records the values of the lines of one log; a line without a step is one step after the line before. */
export class LogMetrics {
  readonly #run: Pick<Run, 'logMetrics'>;
  readonly #makeReader: () => LineReader;
  #reader: LineReader;
  #nextStep = 0;
  #hasValues = false;

  constructor(run: Pick<Run, 'logMetrics'>, log: MetricLog, columns: Columns) {
    this.#run = run;
    this.#makeReader = () => readerOf(log, columns);
    this.#reader = this.#makeReader();
  }

  /** Whether a line has held values. */
  get hasValues(): boolean {
    return this.#hasValues;
  }

  /** A line that was written over holds the values of each time. */
  onLine(line: string): void {
    for (const frame of line.split('\r')) this.#read(frame);
  }

  /** A new file has a header of its own. */
  onRestart(): void {
    this.#reader = this.#makeReader();
  }

  #read(line: string): void {
    const reading = this.#reader(line);
    if (reading === undefined || Object.keys(reading.values).length === 0) return;
    const { values, step = this.#nextStep, time } = reading;
    this.#nextStep = step + 1;
    this.#hasValues = true;
    this.#run.logMetrics(values, { step, time });
  }
}

function readerOf(log: MetricLog, columns: Columns): LineReader {
  switch (log.format) {
    case 'csv':
      return separatedValues(',', columns);
    case 'tsv':
      return separatedValues('\t', columns);
    case 'table':
      return separatedValues(undefined, columns);
    case 'jsonl':
      return jsonLines(columns);
    case 'key-value':
      return keyValues(columns);
    case 'pattern':
      return pattern(log.pattern ?? '', columns);
  }
}
