// A program that knows OpenTelemetry's API and console, and nothing of runs. Its argument says how it ends.
import { metrics } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';

const meter = metrics.getMeter('solver');
const residual = meter.createGauge('residual');
const cells = meter.createCounter('cells');
const seconds = meter.createHistogram('solve.time');
const depth = meter.createObservableGauge('queue.depth');
depth.addCallback((result) => result.observe(7, { queue: 'in' }));
for (let i = 0; i < 500; i++) {
  residual.record(i === 499 ? Number.NaN : 1 / (i + 1), { field: 'p' });
  residual.record(i, { field: 'u' });
  cells.add(2);
  seconds.record(i);
}
console.log('mesh has %d cells', 1000);
console.warn('time step is large');
console.error(new RangeError('not solved'));
logs.getLogger('solver').emit({ severityNumber: 5, severityText: 'DEBUG', body: 'assembled', attributes: { rows: 3 } });
logs.getLogger('solver').emit({ eventName: 'simvue.metrics', body: { kept: 1.5 }, attributes: { 'simvue.step': 40 } });
process.stdout.write(`${process.env.SIMVUE_PARENT_RUN}\n`);

const [end] = process.argv.slice(2);
if (end === 'natural') setTimeout(() => undefined, 2500);
if (end === 'exit') process.exit(3);
if (end === 'throw') throw new TypeError('diverged');
if (end === 'signal') {
  setInterval(() => undefined, 2500);
  process.kill(process.pid, 'SIGTERM');
}
