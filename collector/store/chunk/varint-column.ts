import { SimvueError } from 'simvue-otel/errors';

/** Largest magnitude of a first difference that is packed: its second differences stay exact in a double. */
export const MAX_PACKED_DELTA = 2 ** 51;

/** Appends zigzag varints of integers below 2^53 to a buffer that is large enough. */
export class VarintWriter {
  readonly buffer: Buffer;
  position = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  write(value: number): void {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest > 127) {
      this.buffer[this.position++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.position++] = rest;
  }
}

/** Reads what {@link VarintWriter} wrote. */
export class VarintReader {
  readonly buffer: Buffer;
  position: number;

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer;
    this.position = position;
  }

  read(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.buffer[this.position++];
      if (byte === undefined || scale > 2 ** 56) throw new SimvueError('SIMVUE_ERR_STORE', 'a stored chunk is damaged');
      value += (byte & 127) * scale;
      if (byte < 128) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
      scale *= 128;
    }
  }
}
