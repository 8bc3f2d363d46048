/**
 * The program of the Simvue tutorial: random integers from 0 to 10, their averages, and a statistic that sometimes
 * divides by zero.
 *
 *     node random-numbers.js [--iterations 300] [--interval 1]
 *
 * The interval is in seconds; the minutes of the alerts shrink and grow with it.
 */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withRun } from 'simvue-otel';
import { Handler } from 'simvue-otel/compat';

class DivisionByZeroError extends RangeError {}

const { values } = parseArgs({
  options: { iterations: { type: 'string', default: '300' }, interval: { type: 'string', default: '1' } },
});
const iterations = Number(values.iterations);
const minutes = Number(values.interval);
const intervalMillis = minutes * 1000;

const average = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function middle(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return Math.trunc(average(sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1)));
}

/** The smallest of the most frequent numbers. */
function mostFrequent(numbers: number[]): number {
  const counts = new Array<number>(11).fill(0);
  for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
  return counts.indexOf(Math.max(...counts));
}

function divide(dividend: number, divisor: number): number {
  if (divisor === 0) throw new DivisionByZeroError('division by zero');
  return dividend / divisor;
}

const averagesFile = join(tmpdir(), `averages-out-${process.pid}.json`);

await withRun(async (run) => {
  run.config({ suppressErrors: false, resourcesMetricsInterval: 10 });
  await run.init({
    name: `random-numbers-${Math.floor(Date.now() / 1000)}`,
    description: 'Monitoring of the generation of random integers between 0 and 10.',
    tags: ['random-numbers', 'v1'],
    folder: '/rand_nums',
    metadata: { number_of_iterations: iterations, result_converged: false },
    totalSteps: iterations,
  });
  console.log(`run ${run.name}: ${run.url ?? run.id}`);
  run.setFolderDetails('/rand_nums', {
    metadata: { environment: 'testing' },
    tags: ['random-numbers'],
    description: 'Stores all runs which monitor the function to create random integers between 0 and 10.',
  });
  void run.save(fileURLToPath(import.meta.url), 'code');
  run.addAlert({
    name: 'mean_outside_acceptable_range',
    source: 'metrics',
    frequency: minutes,
    rule: 'is outside range',
    rangeLow: 4,
    rangeHigh: 6,
    metric: 'averages.mean',
    window: 2 * minutes,
  });
  run.addAlert({
    name: 'zero_division_error',
    source: 'events',
    frequency: minutes,
    pattern: 'Division by Zero Error',
  });
  const logger = new Handler(run, 'debug');
  run.logEvent('Random Number Generation Started!');

  const numbers: number[] = [];
  const percentageChanges: number[] = [];
  let averages = { mean: 0, median: 0, mode: 0 };
  for (let step = 0; step < iterations; step++) {
    numbers.push(Math.floor(Math.random() * 11));
    const previousMean = averages.mean;
    const mean = average(numbers);
    averages = { mean, median: middle(numbers), mode: mostFrequent(numbers) };
    const percentage = mean === 0 ? 0 : ((mean - previousMean) / mean) * 100;
    percentageChanges.push(percentage);
    logger.debug(`Mean has changed by ${percentage} in iteration ${step}.`);
    const { median, mode } = averages;
    run.logMetrics({ random_number: numbers[step] ?? 0 }, { step });
    run.logMetrics({ 'averages.mean': mean, 'averages.median': median, 'averages.mode': mode }, { step });
    try {
      run.logMetrics({ new_stat: divide(mean, Math.abs(median - mode)) }, { step });
    } catch (error) {
      if (!(error instanceof DivisionByZeroError)) throw error;
      run.logEvent(`Division by Zero Error encountered in calculation of new_stat on iteration ${step}`);
    }
    await sleep(intervalMillis);
  }

  run.logEvent('Random Number Generation Completed!');
  await writeFile(averagesFile, JSON.stringify(averages));
  void run.save(averagesFile, 'output', { name: 'averages_out.json' });
  void run.save(numbers, 'output', { name: 'all_random_numbers' });
  void run.save(percentageChanges, 'output', { name: 'percentage_changes_in_mean' });

  const { mean } = averages;
  run.updateMetadata({ mean });
  if (4.9 < mean && mean < 5.1) run.updateMetadata({ result_converged: true });
  run.updateTags(['completed']);
});
await rm(averagesFile);
