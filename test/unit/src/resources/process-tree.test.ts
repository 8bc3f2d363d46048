import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readTreeUse, treeNow, treeOf } from '../../../../src/resources/process-tree.ts';

interface Entry {
  /** utime, stime, cutime, cstime in hundredths of a second. */
  readonly ticks: readonly [number, number, number, number];
  readonly residentKibibytes: number;
  /** Children by thread. */
  readonly children?: Readonly<Record<string, readonly number[]>>;
}

/** A `/proc` of files. */
async function procOf(entries: Readonly<Record<string, Entry>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'simvue-proc-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [pid, { ticks, residentKibibytes, children = { [pid]: [] } }] of Object.entries(entries)) {
    await mkdir(join(root, pid, 'task'), { recursive: true });
    const rest = `S 1 1 1 0 -1 4194560 100 0 0 0 ${ticks.join(' ')} 20 0 1 0 12345 1000000 250`;
    await writeFile(join(root, pid, 'stat'), `${pid} (a (b) c) ${rest}\n`);
    await writeFile(
      join(root, pid, 'status'),
      `Name:\ta (b) c\nVmRSS:\t${String(residentKibibytes).padStart(8)} kB\nThreads:\t1\n`,
    );
    for (const [task, pids] of Object.entries(children)) {
      await mkdir(join(root, pid, 'task', task));
      await writeFile(join(root, pid, 'task', task, 'children'), pids.map((child) => `${child} `).join(''));
    }
  }
  return root;
}

test('the use of a process is that of its tree, whatever thread started a child, and of children that have ended', async () => {
  const root = await procOf({
    '10': { ticks: [100, 50, 30, 20], residentKibibytes: 1000, children: { '10': [20], '11': [30] } },
    '20': { ticks: [1000, 0, 0, 0], residentKibibytes: 2000, children: { '20': [40] } },
    '30': { ticks: [0, 100, 0, 0], residentKibibytes: 3000 },
    '40': { ticks: [0, 0, 0, 0], residentKibibytes: 0 },
    '50': { ticks: [9999, 0, 0, 0], residentKibibytes: 9999 },
  });
  expect(await treeOf(10, root)).toEqual([10, 20, 30, 40]);
  expect(treeNow(10, root)).toEqual([10, 20, 30, 40]);
  expect(await readTreeUse(10, root)).toEqual({ cpuSeconds: 13, memoryBytes: 6000 * 1024 });
});

test('a process that has ended meanwhile counts nothing; one that is not there has no use', async () => {
  const root = await procOf({ '10': { ticks: [100, 0, 0, 0], residentKibibytes: 1, children: { '10': [99] } } });
  expect(await readTreeUse(10, root)).toEqual({ cpuSeconds: 1, memoryBytes: 1024 });
  expect(await readTreeUse(7, root)).toBeUndefined();
});

test.runIf(process.platform === 'linux')('this very process uses memory and time', async () => {
  const before = await readTreeUse(process.pid);
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < 100_000);
  const after = await readTreeUse(process.pid);
  // Counted in hundredths; the process may have other threads.
  expect((after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0)).toBeGreaterThan(0.05);
  expect(after?.memoryBytes).toBeGreaterThan(10 * 2 ** 20);
});
