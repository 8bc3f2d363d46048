import { FRAME_PADDING_BYTES, FRAME_PREFIX_BYTES } from '../frame-log.ts';
import type { NumberGrid } from './number-grid.ts';

/** Values of one metric on a grid, at one step. */
export interface GridPoint {
  readonly metric: string;
  readonly step: number;
  /** Seconds since the start of the run. */
  readonly time: number;
  /** As Simvue writes it. */
  readonly timestamp: string;
}

/** The grid of a metric from now on. */
export interface GridAssignment {
  readonly metric: string;
  readonly name: string;
  /** One or two axes, first the one along a row. */
  readonly grid: readonly (readonly number[])[];
  readonly labels: readonly string[];
}

/** One frame of the log of grids. */
export type GridRecord =
  | ({ readonly kind: 'assign' } & GridAssignment)
  | ({ readonly kind: 'point'; readonly array: NumberGrid['rows'] } & GridPoint);

type Meta =
  | ({ readonly kind: 'assign' } & GridAssignment)
  | ({ readonly kind: 'point'; readonly shape: readonly number[] } & GridPoint);

const LENGTHS_BYTES = 8;

/** A frame's payload: bytes of its meta, number of numbers, the meta as JSON, the numbers, little-endian doubles. */
export interface GridFrame {
  /** With the free bytes that a log needs around the payload. */
  readonly frame: Buffer;
  readonly payloadBytes: number;
}

export function encodeAssignment(assignment: GridAssignment): GridFrame {
  return encode({ kind: 'assign', ...assignment }, []);
}

export function encodePoint(point: GridPoint, { shape, rows }: NumberGrid): GridFrame {
  return encode({ kind: 'point', shape, ...point }, rows.flat());
}

function encode(meta: Meta, numbers: readonly number[]): GridFrame {
  const text = Buffer.from(JSON.stringify(meta));
  const payloadBytes = LENGTHS_BYTES + text.length + 8 * numbers.length;
  const frame = Buffer.allocUnsafe(FRAME_PREFIX_BYTES + payloadBytes + FRAME_PADDING_BYTES);
  let at = frame.writeUInt32LE(text.length, FRAME_PREFIX_BYTES);
  at = frame.writeUInt32LE(numbers.length, at);
  at += text.copy(frame, at);
  for (const number of numbers) at = frame.writeDoubleLE(number, at);
  return { frame, payloadBytes };
}

/** Reads payloads that stand one behind the other. */
export function* readGridRecords(payloads: Buffer): Generator<GridRecord> {
  for (let at = 0; at < payloads.length; ) {
    const textEnd = at + LENGTHS_BYTES + payloads.readUInt32LE(at);
    const end = textEnd + 8 * payloads.readUInt32LE(at + 4);
    const meta = JSON.parse(payloads.toString('utf8', at + LENGTHS_BYTES, textEnd)) as Meta;
    if (meta.kind === 'assign') yield meta;
    else {
      const { shape, ...point } = meta;
      yield { ...point, array: rowsOf(payloads.subarray(textEnd, end), shape) };
    }
    at = end;
  }
}

function rowsOf(bytes: Buffer, shape: readonly number[]): NumberGrid['rows'] {
  const numbers = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
  const [rows = 0, columns] = shape;
  if (columns === undefined) return numbers;
  return Array.from({ length: rows }, (_, row) => numbers.slice(row * columns, (row + 1) * columns));
}
