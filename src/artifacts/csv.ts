type Cell = string | number | bigint | boolean | null | undefined | Date;

/** Rows with named columns. */
export type CsvRecord = Readonly<Record<string, Cell>>;

/** True for a list, not empty, of plain objects whose values are no objects. */
export function isRecordList(value: readonly unknown[]): value is readonly CsvRecord[] {
  return value.length > 0 && value.every(isRecord);
}

/**
 * Records as CSV: a header with every key in the order of its first appearance, then one line a record; nothing = empty cell.
 *
 * @see RFC 4180
 */
export function encodeCsv(records: readonly CsvRecord[]): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const lines = [columns, ...records.map((record) => columns.map((column) => record[column]))];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

function isRecord(value: unknown): value is CsvRecord {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isCell);
}

function isCell(value: unknown): value is Cell {
  return value === null || value instanceof Date || (typeof value !== 'object' && typeof value !== 'function');
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
