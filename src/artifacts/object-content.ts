import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { isArrayBuffer, isMap, isPromise, isSet } from 'node:util/types';
import { errorText } from '../errors.ts';
import { isError } from '../exception.ts';
import { invalidArtifact } from './artifact.ts';
import { encodeCsv, isRecordList } from './csv.ts';
import { encodeNpy, flattenNumbers, isNumberArray } from './npy.ts';

/** A value as the content of an artifact. */
export interface ObjectContent {
  readonly mimeType: string;
  readonly content: Uint8Array | Readable;
}

/** Simvue's own type: its clients read it back as an array. */
export const NPY_MIME_TYPE = 'application/vnd.simvue.numpy.v1';
const PLOTLY_MIME_TYPE = 'application/vnd.plotly.v1+json';
const BYTES_MIME_TYPE = 'application/octet-stream';

/**
 * Turns a value into content, none of which can execute: bytes and streams as they are, text, arrays of numbers as
 * NumPy files, lists of flat records as CSV, Plotly figures, and everything else as JSON.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for what JSON cannot hold: functions, symbols, undefined, cycles.
 */
export function objectContent(value: unknown): ObjectContent {
  if (typeof value === 'string') return { mimeType: 'text/plain; charset=utf-8', content: Buffer.from(value) };
  // A copy, because the program may go on to write into its memory.
  if (Buffer.isBuffer(value) || value instanceof DataView) {
    const { buffer, byteOffset, byteLength } = value;
    return { mimeType: BYTES_MIME_TYPE, content: Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength)) };
  }
  if (isArrayBuffer(value)) return { mimeType: BYTES_MIME_TYPE, content: new Uint8Array(value.slice(0)) };
  if (value instanceof Readable) return { mimeType: BYTES_MIME_TYPE, content: value };
  if (value instanceof ReadableStream) return { mimeType: BYTES_MIME_TYPE, content: Readable.fromWeb(value) };
  if (value instanceof Blob) {
    return { mimeType: value.type || BYTES_MIME_TYPE, content: Readable.fromWeb(value.stream()) };
  }
  if (isPromise(value)) throw invalidArtifact('a promise cannot be saved: await it first');
  if (isNumberArray(value)) return { mimeType: NPY_MIME_TYPE, content: encodeNpy(value) };
  if (Array.isArray(value)) {
    const numbers = flattenNumbers(value);
    if (numbers !== undefined) return { mimeType: NPY_MIME_TYPE, content: encodeNpy(numbers.values, numbers.shape) };
    if (isRecordList(value)) return { mimeType: 'text/csv', content: Buffer.from(encodeCsv(value)) };
  }
  if (isPlotly(value)) return { mimeType: PLOTLY_MIME_TYPE, content: Buffer.from(json(value, figureReplacer)) };
  return { mimeType: 'application/json', content: Buffer.from(json(value, replacer)) };
}

/** A figure has a list of traces and a layout. */
function isPlotly(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('data' in value && 'layout' in value)) return false;
  return Array.isArray(value.data) && value.data.every((trace) => typeof trace === 'object' && trace !== null);
}

function json(value: unknown, replace: (key: string, value: unknown) => unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, replace);
  } catch (error) {
    const [reason] = errorText(error).split('\n');
    throw invalidArtifact(`the object cannot be written as JSON: ${reason}`, error);
  }
  if (text !== undefined) return text;
  throw invalidArtifact(`a value of type ${typeof value} cannot be saved`);
}

/** A text among the numbers of a figure would make its axis one of categories: what is not finite is a gap, as Plotly writes it. */
function figureReplacer(key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : replacer(key, value);
}

/** What JSON has no word for: non-finite numbers become their names, large integers text, maps, sets, typed arrays and errors what they hold. */
function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (isMap(value)) return Object.fromEntries(value);
  if (isSet(value) || isNumberArray(value)) return [...value];
  if (isError(value)) return { ...value, name: value.name, message: value.message, stack: value.stack };
  return value;
}
