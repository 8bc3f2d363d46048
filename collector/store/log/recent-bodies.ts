import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { RecordKind } from '../../pipeline/record-kind.ts';

interface Place {
  readonly kind: RecordKind;
  readonly path: string;
  /** Where the body starts in the file. */
  readonly offset: number;
}

const SAMPLE_BYTES = 512;

/** Remembers where the newest bodies of the log are, so that a repeated request is recognised and confirmed byte for byte. */
export class RecentBodies {
  readonly #places = new Map<string, Place>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  remember(kind: RecordKind, body: Buffer, path: string, offset: number): void {
    this.#places.set(sampleKey(body), { kind, path, offset });
    if (this.#places.size <= this.#capacity) return;
    const [oldest] = this.#places.keys();
    if (oldest !== undefined) this.#places.delete(oldest);
  }

  holds(kind: RecordKind, body: Buffer): boolean {
    const key = sampleKey(body);
    const place = this.#places.get(key);
    if (place === undefined || place.kind !== kind) return false;
    if (isSame(place, body)) return true;
    this.#places.delete(key);
    return false;
  }

  /** Forgets bodies of a file that left the log. */
  forget(path: string): void {
    for (const [key, place] of this.#places) if (place.path === path) this.#places.delete(key);
  }
}

/** Length and a checksum of three samples: cheap, and wrong only in being asked for a comparison too many. */
function sampleKey(body: Buffer): string {
  const middle = Math.max(0, (body.length - SAMPLE_BYTES) >> 1);
  const start = crc32(body.subarray(0, SAMPLE_BYTES));
  const both = crc32(body.subarray(middle, middle + SAMPLE_BYTES), start);
  return `${body.length}:${crc32(body.subarray(Math.max(0, body.length - SAMPLE_BYTES)), both)}`;
}

function isSame(place: Place, body: Buffer): boolean {
  const stored = Buffer.allocUnsafe(body.length);
  const fd = openSync(place.path, 'r');
  try {
    return readSync(fd, stored, 0, stored.length, place.offset) === body.length && stored.equals(body);
  } finally {
    closeSync(fd);
  }
}
