import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseGpus } from '../../../../src/resources/gpu.ts';
import { ResourceSampler, type SamplerParts } from '../../../../src/resources/resource-sampler.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A sampler whose processes use half a core and 64 MiB. */
function sampler(change: Partial<SamplerParts> = {}) {
  const samples: Record<string, number>[] = [];
  const errors: unknown[] = [];
  const created = new ResourceSampler({
    intervalSeconds: 30,
    readUse: async () => ({ cpuSeconds: performance.now() / 2000, memoryBytes: 64 * 2 ** 20 }),
    readGpus: async () => undefined,
    onSample: (values) => samples.push({ ...values }),
    onError: (error) => errors.push(error),
    ...change,
  });
  return { created, samples, errors };
}

test('the first sample comes at once, the others at the interval; a core is 100 percent', async () => {
  const { created, samples } = sampler();
  await vi.advanceTimersByTimeAsync(200);
  expect(samples).toEqual([{ 'resources/cpu.usage.percent': 50, 'resources/memory.usage': 64 }]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(samples).toHaveLength(3);
  created.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(samples).toHaveLength(3);
});

test('graphics processors are part of the sample; a driver that is not there is asked once, one that fails again', async () => {
  const asked = { missing: 0, failing: 0 };
  const missing = sampler({ readGpus: async () => void asked.missing++ });
  const failing = sampler({
    readGpus: async () => {
      asked.failing++;
      throw new Error('driver');
    },
  });
  const { samples } = sampler({ readGpus: async () => parseGpus('0, 93, 10240, 40960\n1, [N/A], 0, 40960\n') });
  await vi.advanceTimersByTimeAsync(30_200);
  expect(samples[0]).toMatchObject({
    'resources/gpu.utilisation.percent.0': 93,
    'resources/gpu.utilisation.memory.0': 25,
    'resources/gpu.utilisation.memory.1': 0,
  });
  expect(samples[0]).not.toHaveProperty('resources/gpu.utilisation.percent.1');
  expect(asked).toEqual({ missing: 1, failing: 2 });
  expect([missing.samples.length, failing.samples.length, failing.errors.length]).toEqual([2, 2, 2]);
});

test('processes that are gone give no sample, and the next ones start anew', async () => {
  let cpuSeconds: number | undefined = 100;
  const readUse = async () => (cpuSeconds === undefined ? undefined : { cpuSeconds, memoryBytes: 0 });
  const { samples } = sampler({ readUse });
  await vi.advanceTimersByTimeAsync(200);
  cpuSeconds = undefined;
  await vi.advanceTimersByTimeAsync(30_000);
  cpuSeconds = 5;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(samples).toHaveLength(1);
  cpuSeconds = 35;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(samples[1]).toMatchObject({ 'resources/cpu.usage.percent': 100 });
});

test('what the driver prints is read line by line; what it does not tell is left out', () => {
  expect(parseGpus('')).toEqual([]);
  expect(parseGpus('NVIDIA-SMI has failed\n')).toEqual([]);
  expect(parseGpus('0, 12, 1024, 16384\n1, [Not Supported], [N/A], 0\n')).toEqual([
    { index: 0, computePercent: 12, memoryPercent: 6.25 },
    { index: 1, computePercent: undefined, memoryPercent: undefined },
  ]);
});
