// A program that knows nothing of runs. As a run:
//   SIMVUE_URL=http://127.0.0.1:4318 node --import simvue-otel/register examples/drop-in.mjs
import { metrics } from '@opentelemetry/api';

const temperature = metrics.getMeter('oven').createGauge('temperature', { unit: 'Cel' });
for (let minute = 0; minute < 60; minute++) {
  temperature.record(20 + 160 * (1 - Math.exp(-minute / 15)), { zone: 'top' });
  temperature.record(20 + 150 * (1 - Math.exp(-minute / 18)), { zone: 'bottom' });
}
console.log('the oven is hot');
