/** One trace of a figure that can be drawn. */
export interface Trace {
  readonly kind: 'line' | 'dots' | 'bar';
  readonly name: string;
  readonly x: readonly number[];
  /** Null breaks the line. */
  readonly y: readonly (number | null)[];
}
/** Cells of a heat map, the first row at the bottom. */
export interface Heat {
  readonly name: string;
  readonly rows: readonly (readonly (number | null)[])[];
}
/** A figure of Plotly, as far as it is drawn here. */
export interface Figure {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xLog: boolean;
  readonly yLog: boolean;
  /** Names of the places on x where they are words: place 0, 1, … */
  readonly categories: readonly string[];
  /** True = x is seconds since the epoch. */
  readonly isTime: boolean;
  readonly traces: readonly Trace[];
  readonly heat: Heat | undefined;
  /** What of the figure is left out, in words. */
  readonly notDrawn: readonly string[];
}

const MAX_POINTS = 20_000;
const MAX_TRACES = 36;
const MAX_CELLS = 1_000_000;
type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ARRAYS = {
  f8: Float64Array,
  f4: Float32Array,
  i4: Int32Array,
  u4: Uint32Array,
  i2: Int16Array,
  u2: Uint16Array,
  i1: Int8Array,
  u1: Uint8Array,
} as const;

/** A list of Plotly: plain, or a typed array in base64, flat with its shape beside it. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isRecord(value) || typeof value['bdata'] !== 'string') return [];
  const Typed = ARRAYS[value['dtype'] as keyof typeof ARRAYS];
  if (!Typed) return [];
  const bytes = Uint8Array.from(atob(value['bdata']), (character) => character.charCodeAt(0));
  const flat = [...new Typed(bytes.buffer, 0, Math.floor(bytes.length / Typed.BYTES_PER_ELEMENT))];
  const [rows, columns] = String(value['shape'] ?? '')
    .split(',')
    .map(Number);
  if (!rows || !columns) return flat;
  return Array.from({ length: rows }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value)
    ? value
    : typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : null;
const DATE = /^\d{4}-\d\d-\d\d/;

/** Reads a figure; what is not drawn is said in words. @throws Error when it is none. */
export function readFigure(text: string): Figure {
  const figure: unknown = JSON.parse(text);
  if (!isRecord(figure) || !Array.isArray(figure['data'])) throw new Error('it has no list called data');
  const layout = isRecord(figure['layout']) ? figure['layout'] : {};
  const titleOf = (part: unknown): string => {
    const title = isRecord(part) ? part['title'] : undefined;
    return typeof title === 'string'
      ? title
      : isRecord(title) && typeof title['text'] === 'string'
        ? title['text']
        : '';
  };
  const isLog = (axis: string) => isRecord(layout[axis]) && (layout[axis] as Json)['type'] === 'log';
  const notDrawn: string[] = [];
  const categories: string[] = [];
  const xs = { isTime: false };
  const traces: Trace[] = [];
  let heat: Heat | undefined;
  for (const trace of figure['data'].filter(isRecord)) {
    const type = String(trace['type'] ?? 'scatter');
    const name = typeof trace['name'] === 'string' ? trace['name'] : '';
    if (type === 'heatmap' && !heat) heat = { name, rows: cellsOf(trace, notDrawn) };
    else if ((type === 'scatter' || type === 'scattergl' || type === 'bar') && trace['orientation'] !== 'h') {
      if (traces.length < MAX_TRACES) traces.push(readTrace(trace, type, name, categories, xs, notDrawn));
      else notDrawn.push(`trace ${name || traces.length + 1}`);
    } else notDrawn.push(`${type}${name ? ` “${name}”` : ''}`);
  }
  for (const part of ['shapes', 'annotations', 'sliders', 'updatemenus', 'images'])
    if (Array.isArray(layout[part]) && layout[part].length > 0) notDrawn.push(part);
  if (Array.isArray(figure['frames']) && figure['frames'].length > 0) notDrawn.push('frames of an animation');
  return {
    title: titleOf(layout),
    xTitle: titleOf(layout['xaxis']),
    yTitle: titleOf(layout['yaxis']),
    xLog: isLog('xaxis') && categories.length === 0,
    yLog: isLog('yaxis'),
    ...{ categories, isTime: xs.isTime, traces, heat, notDrawn: [...new Set(notDrawn)] },
  };
}

function readTrace(
  trace: Json,
  type: string,
  name: string,
  categories: string[],
  xs: { isTime: boolean },
  notDrawn: string[],
): Trace {
  const values = listOf(trace['y']);
  if (values.length > MAX_POINTS) notDrawn.push(`points of ${name || 'a trace'} after the first ${MAX_POINTS}`);
  const y = values.slice(0, MAX_POINTS).map(numberOf);
  const places = trace['x'] === undefined ? y.map((_, index) => index) : listOf(trace['x']).slice(0, MAX_POINTS);
  const place = (value: unknown, index: number): number => {
    const number = numberOf(value);
    if (number !== null) return number;
    if (typeof value === 'string' && DATE.test(value)) {
      const milliseconds = Date.parse(value.length > 10 && !/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? `${value}Z` : value);
      if (Number.isFinite(milliseconds)) {
        xs.isTime = true;
        return milliseconds / 1000;
      }
    }
    const word = String(value ?? index);
    if (!categories.includes(word)) categories.push(word);
    return categories.indexOf(word);
  };
  const mode = String(trace['mode'] ?? (y.length > 20 ? 'lines' : 'lines+markers'));
  const kind = type === 'bar' ? 'bar' : mode.includes('lines') ? 'line' : 'dots';
  const x = places.map(place);
  const length = Math.min(x.length, y.length);
  return { kind, name, x: x.slice(0, length), y: y.slice(0, length) };
}

function cellsOf(trace: Json, notDrawn: string[]): (number | null)[][] {
  const rows: (number | null)[][] = [];
  let cells = 0;
  for (const row of listOf(trace['z'])) {
    const values = listOf(row).map(numberOf);
    cells += values.length;
    if (cells > MAX_CELLS) {
      notDrawn.push(`cells after the first ${MAX_CELLS}`);
      break;
    }
    rows.push(values);
  }
  return rows;
}

/** Least and greatest finite value; [0, 1] of none. */
export function endsOf(values: Iterable<number | null>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}
