import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RECORD_KIND } from '../../../collector/pipeline/record-kind.ts';
import { openIngestLog } from '../../../collector/store/ingest-log.ts';
import type { IngestLog, IngestRecord } from '../../../collector/store/ingest-log-port.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ingest-log-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const fail = (error: unknown): never => {
  throw error;
};
const meta = { receivedAt: 1, principal: 'local', decoderVersion: 1 };
const kind = RECORD_KIND.otlpMetricsProtobuf;

function body(text: string, bytes = text.length): Buffer {
  return Buffer.alloc(bytes, text);
}

async function read(log: IngestLog, from = 0): Promise<IngestRecord[]> {
  const records: IngestRecord[] = [];
  for await (const record of log.replay(from)) records.push({ ...record, body: Buffer.from(record.body) });
  return records;
}

async function reopened(): Promise<IngestRecord[]> {
  const log = await openIngestLog(directory, fail);
  const records = await read(log);
  await log.close();
  return records;
}

test('concurrent appends share writes, keep their order and are read back after a restart', async () => {
  const log = await openIngestLog(directory, fail);
  const bodies = Array.from({ length: 500 }, (_, i) => body(`request ${i} `, 100 + i));
  const sequences = await Promise.all(bodies.map((one) => log.append(kind, meta, one)));
  expect(sequences).toEqual(bodies.map((_, i) => i + 1));
  expect(log.statistics.groups).toBeLessThan(100);
  await log.close();
  expect((await reopened()).map((record) => record.body)).toEqual(bodies);
});

test('a restart goes on with the next sequence number in a new segment', async () => {
  for (let round = 1; round <= 3; round++) {
    const log = await openIngestLog(directory, fail);
    expect(await log.append(kind, meta, body(`round ${round}`))).toBe(round);
    await log.close();
  }
  expect((await reopened()).map((record) => record.sequence)).toEqual([1, 2, 3]);
});

test('a torn tail costs nothing before it, and later segments are read', async () => {
  const first = await openIngestLog(directory, fail);
  for (let i = 0; i < 5; i++) await first.append(kind, meta, body(`request ${i}`, 1_000));
  await first.close();
  const path = join(directory, readdirSync(directory).find((name) => name.startsWith('log-')) as string);
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4_500, 4_600);
  writeFileSync(path, bytes);
  const second = await openIngestLog(directory, fail);
  const next = await second.append(kind, meta, body('after the tear'));
  await second.close();
  expect((await reopened()).map((record) => record.sequence)).toEqual([1, 2, 3, 4, next]);
});

test('segments grow with the rate, are recycled once they are safe, and stale records in them are never read', async () => {
  const log = await openIngestLog(directory, fail);
  for (let i = 0; i < 60; i++) {
    const sequence = await log.append(kind, meta, body(`bulk ${i} `, 1 << 20));
    log.trim(sequence - 8);
  }
  expect(log.statistics.segments).toBeLessThan(8);
  const kept = await read(log);
  await log.close();
  const sequences = (await reopened()).map((record) => record.sequence);
  expect(sequences.at(-1)).toBe(60);
  expect(sequences).toEqual(sequences.map((_, i) => (sequences[0] as number) + i));
  expect(kept.length).toBeGreaterThan(0);
});

test('a recycled segment in which a crash left no new record is not read', async () => {
  const log = await openIngestLog(directory, fail);
  for (const text of ['one', 'two', 'three']) await log.append(kind, meta, body(text));
  await log.close();
  copyFileSync(join(directory, 'log-00000000'), join(directory, 'log-00000001'));
  expect((await reopened()).map((record) => record.sequence)).toEqual([1, 2, 3]);
});

test('a record larger than a segment gets a segment that fits', async () => {
  const log = await openIngestLog(directory, fail);
  const large = body('large ', 30 << 20);
  await log.append(kind, meta, body('small'));
  await log.append(kind, meta, large);
  await log.append(kind, meta, body('small again'));
  await log.close();
  const records = await reopened();
  expect(records.map((record) => record.body.length)).toEqual([5, 30 << 20, 11]);
  expect(records[1]?.body.equals(large)).toBe(true);
});

test('a repeated body is recognised byte for byte, also after a restart, and another kind is not', async () => {
  const log = await openIngestLog(directory, fail);
  const one = body('same ', 5_000);
  await log.append(kind, meta, one);
  const other = Buffer.from(one);
  other[1_700] = 0;
  expect(log.holds(kind, Buffer.from(one))).toBe(true);
  expect(log.holds(kind, other)).toBe(false);
  expect(log.holds(RECORD_KIND.otlpLogsProtobuf, one)).toBe(false);
  await log.append(kind, meta, one);
  await log.close();
  const again = await openIngestLog(directory, fail);
  expect(again.holds(kind, one)).toBe(true);
  await again.close();
});

test('an idle log keeps a few MiB', async () => {
  const log = await openIngestLog(directory, fail);
  const last = await log.append(kind, meta, body('one'));
  log.trim(last + 1);
  await log.close();
  const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  expect(bytes).toBeLessThanOrEqual(4 << 20);
});

test('sequence numbers go on after every record was trimmed and the log was opened and closed without one', async () => {
  const first = await openIngestLog(directory, fail);
  for (let i = 0; i < 3; i++) await first.append(kind, meta, body(`request ${i}`));
  await first.close();
  for (let restart = 0; restart < 2; restart++) {
    const log = await openIngestLog(directory, fail);
    log.trim(log.lastSequence + 1);
    await log.close();
  }
  const last = await openIngestLog(directory, fail);
  expect(await last.append(kind, meta, body('later'))).toBe(4);
  last.trim(5);
  expect(last.statistics.segments).toBe(1);
  await last.close();
});

test('what does not fit on the disk is refused; what fits afterwards is taken and read back', async () => {
  const module = new URL('../../../collector/dist/store/ingest-log.js', import.meta.url).href;
  const program = `import { openIngestLog } from ${JSON.stringify(module)};
    const log = await openIngestLog(${JSON.stringify(directory)}, () => {});
    for (const [index, mebibytes] of [1, 1, 6, 1, 1, 1, 1, 1].entries()) {
      try { console.log(await log.append(1, ${JSON.stringify(meta)}, Buffer.alloc(mebibytes << 20, index))); }
      catch (error) { console.log(error.code); }
    }
    await log.close();`;
  // No file above 5,000 KiB: the system call fails like that of a full disk.
  const shell = 'ulimit -f 5000 && exec "$0" --input-type=module -e "$1"';
  const { stdout } = spawnSync('bash', ['-c', shell, process.execPath, program], { encoding: 'utf8' });
  const answers = stdout.trim().split('\n');
  const refused = answers.flatMap((answer, index) => (answer === 'SIMVUE_ERR_DISK' ? [index] : []));
  expect(refused).toEqual([2]);
  const taken = answers.flatMap((answer, index) => (index === 2 ? [] : [[Number(answer), index]]));
  const records = await reopened();
  expect(records.map((record) => [record.sequence, record.body[0]])).toEqual(taken);
});

test('a reader sees every durable record in order while the log is written, whatever the segments and the size of the records', async () => {
  const log = await openIngestLog(directory, fail);
  const reader = log.reader(1);
  const seen: number[] = [];
  const readOn = async (): Promise<void> => {
    for (let record = await reader.next(); record !== undefined; record = await reader.next()) {
      expect(record.body.equals(body(`${record.sequence} `, record.body.length))).toBe(true);
      seen.push(record.sequence);
    }
  };
  const sizes = [10, 3 << 20, 40, 2 << 20, 5 << 20, 100];
  for (let round = 0; round < 4; round++) {
    const first = round * sizes.length + 1;
    const appending = sizes.map((bytes, index) => log.append(kind, meta, body(`${first + index} `, bytes)));
    await readOn();
    await Promise.all(appending);
    await readOn();
    expect(seen).toHaveLength(first + sizes.length - 1);
  }
  expect(seen).toEqual(seen.map((_, index) => index + 1));
  await reader.close();
  await log.close();
});

test('a reader begins in the middle, goes on behind what was trimmed, and the backlog says what is left for it', async () => {
  const log = await openIngestLog(directory, fail);
  for (let i = 1; i <= 12; i++) await log.append(kind, meta, body(`${i} `, 1 << 20));
  const reader = log.reader(2);
  expect((await reader.next())?.sequence).toBe(2);
  const before = log.backlog(3);
  expect(before.bytes).toBeGreaterThan(12 << 20);
  log.trim(before.oldestEnd + 1);
  expect((await log.reader(1).next())?.sequence).toBe(before.oldestEnd + 1);
  expect(log.backlog(before.oldestEnd + 1).bytes).toBeLessThan(before.bytes);
  expect(log.backlog(13)).toEqual({ bytes: 0, oldestEnd: 12 });
  await reader.close();
  await log.close();
});
