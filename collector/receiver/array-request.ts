import { MAX_DIMENSIONS, type MetricArray } from '../pipeline/metric-array.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { metricNameProblem } from './point-attributes.ts';
import { decodeMessage, type Fields, invalid, isFields, readTime } from './simvue-message.ts';

const MAX_ARRAY_VALUES = 50_000;
const MAX_REQUEST_VALUES = 1_000_000;

/**
 * Reads the msgpack body of `POST /api/runs/{id}/metrics`: a list of arrays of one to four dimensions.
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
  const content = flatten(array);
  if (typeof content === 'string') return content;
  return {
    metric,
    timeUnixNano: time.unixNano,
    step: time.step,
    runTimeSeconds: Number.isNaN(time.runTimeSeconds) ? 0 : time.runTimeSeconds,
    ...content,
  };
}

/** @returns the numbers in order, row-major, or what is wrong with the array. */
function flatten(array: unknown): Pick<MetricArray, 'shape' | 'values'> | string {
  if (!Array.isArray(array) || array.length === 0) return 'array is not a list of numbers';
  const shape: number[] = [];
  let level: readonly unknown[] = [array];
  while (level.length > 0 && level.every((item): item is unknown[] => Array.isArray(item))) {
    const length = level[0]?.length ?? 0;
    if (level.some((row) => row.length !== length)) return 'array has rows of different lengths';
    if (shape.push(length) > MAX_DIMENSIONS) return `array has more than ${MAX_DIMENSIONS} dimensions`;
    if (level.length * length > MAX_ARRAY_VALUES)
      return `array has ${level.length * length} values, more than ${MAX_ARRAY_VALUES}`;
    level = level.flat();
  }
  if (level.length === 0) return 'array is empty';
  if (!level.every((value) => typeof value === 'number')) return 'array holds something that is not a number';
  return { shape, values: Float64Array.from(level) };
}
