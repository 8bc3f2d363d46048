// Logs arrays on a grid, and dies.
import { Run } from 'simvue-otel';

const run = new Run({ disableResourcesMetrics: true, ...JSON.parse(process.env.RUN_CONFIG ?? '{}') });
await run.init({ name: 'grids', id: process.env.RUN_ID });
const ticks = [
  [0, 1, 2],
  [10, 20],
];
void run.assignMetricToGrid('field', 'plane', ticks, ['x', 'y']);
for (let step = 0; step < 40; step++)
  run.logMetrics({
    loss: step,
    field: [
      [step, 1, 2],
      [3, 4, Number.NaN],
    ],
  });
run.logMetrics({ profile: Float64Array.of(1, 2, 3) });
process.kill(process.pid, 'SIGKILL');
