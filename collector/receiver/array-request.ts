import type { MetricArray } from '../pipeline/metric-array.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { metricNameProblem } from './point-attributes.ts';
import { decodeMessage, type Fields, invalid, isFields, readTime } from './simvue-message.ts';

const MAX_ARRAY_VALUES = 50_000;
const MAX_REQUEST_VALUES = 1_000_000;

/**
 * Reads the msgpack body of `POST /api/runs/{id}/metrics`: a list of arrays of one or two dimensions.
 *
 * @throws SimvueError `SIMVUE_ERR_INVALID_ARGUMENT` that names entry and field.
 */
export function readArrays(body: Buffer, limits: DecodeLimits): readonly MetricArray[] {
  const root = decodeMessage(body);
  if (!Array.isArray(root)) throw invalid('body is not a msgpack list of arrays');
  let values = 0;
  return root.map((entry: unknown, index) => {
    const array = isFields(entry) ? readArray(entry, limits) : 'it is not a map';
    if (typeof array === 'string') throw invalid(`[${index}]: ${array}`);
    values += array.values.length;
    if (values > MAX_REQUEST_VALUES) throw invalid(`[${index}]: more than ${MAX_REQUEST_VALUES} values in one request`);
    return array;
  });
}

/** @returns the array, or what is wrong with the entry. */
function readArray(entry: Fields, limits: DecodeLimits): MetricArray | string {
  const { metric, array } = entry;
  const time = readTime(entry);
  if (typeof time === 'string') return time;
  if (Number.isNaN(time.step)) return 'step is missing';
  if (typeof metric !== 'string') return 'metric is not text';
  const problem = metricNameProblem(metric, limits);
  if (problem !== undefined) return problem;
  if (!Array.isArray(array) || array.length === 0) return 'array is not a list of numbers';
  const rows: readonly unknown[][] | undefined = array.every((row) => Array.isArray(row)) ? array : undefined;
  const width = rows?.[0]?.length;
  if (rows?.some((row) => row.length !== width)) return 'array has rows of different lengths';
  const flat: readonly unknown[] = rows === undefined ? array : rows.flat();
  if (flat.length > MAX_ARRAY_VALUES) return `array has ${flat.length} values, more than ${MAX_ARRAY_VALUES}`;
  if (!flat.every((value) => typeof value === 'number')) return 'array holds something that is not a number';
  return {
    metric,
    timeUnixNano: time.unixNano,
    step: time.step,
    runTimeSeconds: Number.isNaN(time.runTimeSeconds) ? 0 : time.runTimeSeconds,
    shape: width === undefined ? [array.length] : [array.length, width],
    values: Float64Array.from(flat as readonly number[]),
  };
}
