import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RECORD_KIND } from '../../../collector/pipeline/record-kind.ts';
import { openIngestLog } from '../../../collector/store/ingest-log.ts';
import type { IngestLog } from '../../../collector/store/ingest-log-port.ts';
import { memoryDirectory } from '../../support/memory-directory.ts';

const KIND = RECORD_KIND.otlpMetricsProtobuf;
const META = { receivedAt: 1, principal: 'local', decoderVersion: 1 };

const fail = (error: unknown): never => {
  throw error;
};

/** Files of a log by name, as a crash finds them. */
const filesOf = (directory: string): Map<string, Buffer> =>
  new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]));

/** A log beside what was acknowledged of it. Closing it writes nothing: a crash is a close, and a group that did not reach the disk whole. */
class Bench {
  readonly #directory: string;
  readonly #acknowledged = new Map<number, Buffer>();
  /** Bodies of groups that a crash cut. */
  readonly #cut: Buffer[] = [];
  #log: IngestLog;
  #safe = 1;
  #bodies = 0;

  private constructor(directory: string, log: IngestLog) {
    this.#directory = directory;
    this.#log = log;
  }

  static async open(directory: string): Promise<Bench> {
    return new Bench(directory, await openIngestLog(directory, fail));
  }

  async append(sizes: readonly number[]): Promise<void> {
    const newest = this.#log.lastSequence;
    const bodies = sizes.map((bytes) => this.#body(bytes));
    for (const [index, sequence] of (await this.#appended(bodies)).entries()) {
      expect(sequence).toBeGreaterThan(newest);
      this.#acknowledged.set(sequence, bodies[index] as Buffer);
    }
  }

  trim(share: number): void {
    this.#safe = Math.max(this.#safe, Math.ceil(share * (this.#log.lastSequence + 1)));
    this.#log.trim(this.#safe);
  }

  /** Of the bytes that a group of these sizes wrote last, only a share reached the disk. */
  async crash(sizes: readonly number[], share: number): Promise<void> {
    const before = filesOf(this.#directory);
    const bodies = sizes.map((bytes) => this.#body(bytes));
    this.#cut.push(...bodies);
    await this.#appended(bodies);
    await this.#log.close();
    for (const [name, after] of filesOf(this.#directory)) {
      if (!name.startsWith('log-')) continue;
      const [spare] = [...before.keys()].filter((other) => other.startsWith('spare-'));
      const former = before.get(name) ?? before.get(spare ?? '') ?? Buffer.alloc(after.length);
      const [from, to] = changed(former, after);
      const end = from + Math.floor(share * (to - from));
      writeFileSync(join(this.#directory, name), Buffer.concat([after.subarray(0, end), former.subarray(end)]));
    }
    await this.reopen();
  }

  async reopen(): Promise<void> {
    await this.#log.close();
    this.#log = await openIngestLog(this.#directory, fail);
    await this.#check();
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  /** Everything acknowledged that may be needed is there, and nothing that was never sent. */
  async #check(): Promise<void> {
    const missing = new Map([...this.#acknowledged].filter(([sequence]) => sequence >= this.#safe));
    let last = 0;
    for await (const { sequence, body } of this.#log.replay(1)) {
      expect(sequence).toBeGreaterThan(last);
      last = sequence;
      const expected = this.#acknowledged.get(sequence) ?? this.#cut.find((one) => one.equals(body));
      expect(expected?.equals(body)).toBe(true);
      expect(this.#log.holds(KIND, body)).toBe(true);
      missing.delete(sequence);
    }
    expect([...missing.keys()]).toEqual([]);
    expect(this.#log.lastSequence).toBeGreaterThanOrEqual(Math.max(0, ...this.#acknowledged.keys()));
  }

  #appended(bodies: readonly Buffer[]): Promise<number[]> {
    return Promise.all(bodies.map((body) => this.#log.append(KIND, META, body)));
  }

  #body(bytes: number): Buffer {
    return Buffer.alloc(bytes, `body ${this.#bodies++} `);
  }
}

/** Where two buffers begin to differ, and where they are the same again to the end. */
function changed(a: Buffer, b: Buffer): readonly [from: number, to: number] {
  let from = 0;
  while (from < b.length && a[from] === b[from]) from++;
  let to = b.length;
  while (to > from && a[to - 1] === b[to - 1]) to--;
  return [from, to];
}

const sizes = fc.array(fc.oneof(fc.integer({ min: 16, max: 4_000 }), fc.constantFrom(64, 400_000, 1_900_000)), {
  minLength: 1,
  maxLength: 6,
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ append: sizes }) },
  { weight: 3, arbitrary: fc.record({ trim: share }) },
  { weight: 2, arbitrary: fc.record({ crash: sizes, share }) },
  { weight: 1, arbitrary: fc.constant({ reopen: true as const }) },
);

test('whatever is appended, trimmed, cut by a crash and opened again: what was acknowledged and may be needed is read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 25 }), async (operations) => {
      const directory = memoryDirectory('ingest-log-law-');
      try {
        const bench = await Bench.open(directory);
        for (const one of operations) {
          if ('append' in one) await bench.append(one.append);
          else if ('trim' in one) bench.trim(one.trim);
          else if ('crash' in one) await bench.crash(one.crash, one.share);
          else await bench.reopen();
        }
        await bench.reopen();
        await bench.close();
      } finally {
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 20 },
  );
});
