import { formatTimestamp } from 'simvue-otel/time';
import { type PointColumns, runTimes, unixNano } from '../../store/chunk/point-columns.ts';
import { POINT_COLUMNS, type PointEncoder, type PointSection } from './point-section.ts';

/** Longer texts outlive the young generation: a million rows took four times as long. */
const ROWS_A_PIECE = 256;

/** How rows are written as text. */
interface RowText {
  /** Of a section, before step and time. */
  head(section: PointSection): string;
  /** `step` NaN = none. */
  row(head: string, step: number, time: number, timestamp: string, value: number): string;
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/** Points as text in UTF-8. */
class TextPoints implements PointEncoder {
  readonly #text: RowText;
  #before: string;

  constructor(text: RowText) {
    this.#text = text;
    this.#before = text.before;
  }

  rows(sections: readonly PointSection[]): Uint8Array {
    const pieces: Buffer[] = [];
    for (const section of sections) {
      const head = this.#text.head(section);
      const times = runTimes(section.columns, section.originUnixNano);
      for (let from = 0; from < times.length; from += ROWS_A_PIECE)
        pieces.push(Buffer.from(this.#piece(head, section.columns, times, from)));
    }
    return Buffer.concat(pieces);
  }

  #piece(head: string, columns: PointColumns, times: Float64Array, from: number): string {
    let text = '';
    for (let i = from; i < Math.min(from + ROWS_A_PIECE, times.length); i++) {
      const timestamp = formatTimestamp(unixNano(columns.timeLow[i] as number, columns.timeHigh[i] as number));
      const step = columns.step?.[i] ?? Number.NaN;
      text += this.#before + this.#text.row(head, step, times[i] as number, timestamp, columns.value[i] as number);
      this.#before = this.#text.between;
    }
    return text;
  }

  end(): Uint8Array {
    const isEmpty = this.#before === this.#text.before;
    return Buffer.from(`${isEmpty ? this.#before : ''}${this.#text.after}`);
  }
}

/** A cell that a spreadsheet reads as text and never as a formula. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const CSV: RowText = {
  head: ({ run, metric, instance, attempt }) =>
    `${[run, csvCell(metric), csvCell(instance), attempt ?? ''].join(',')},`,
  row: (head, step, time, timestamp, value) =>
    `${head}${Number.isNaN(step) ? '' : step},${time},${timestamp},${value}\r\n`,
  before: `${POINT_COLUMNS.join(',')}\r\n`,
  between: '',
  after: '',
};

const jsonNumber = (value: number): number | string => (Number.isFinite(value) ? value : `"${value}"`);

const JSON_ROWS: RowText = {
  head: ({ run, metric, instance, attempt }) => `${JSON.stringify({ run, metric, instance, attempt }).slice(0, -1)},`,
  row: (head, step, time, timestamp, value) =>
    `${head}"step":${Number.isNaN(step) ? null : step},"time":${jsonNumber(time)},"timestamp":"${timestamp}","value":${jsonNumber(value)}}`,
  before: '[\n',
  between: ',\n',
  after: '\n]\n',
};

/** Points as CSV (RFC 4180); what is not finite is `NaN`, `Infinity` or `-Infinity`, no step is an empty cell. */
export const csvPoints = (): PointEncoder => new TextPoints(CSV);

/** Points as a JSON list of objects, a line each; what is not finite is the text `"NaN"`, `"Infinity"` or `"-Infinity"`. */
export const jsonPoints = (): PointEncoder => new TextPoints(JSON_ROWS);
