import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { generateLoad } from './load.ts';

/** The generator as a process: `main.js --url http://…/v1/metrics [--runs N …]` prints one line of JSON, a `LoadReport`. */
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    prefix: { type: 'string', default: randomBytes(5).toString('hex') },
    runs: { type: 'string', default: '20' },
    metrics: { type: 'string', default: '50' },
    steps: { type: 'string', default: '20' },
    stepMicros: { type: 'string', default: '1000' },
    connections: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '10' },
    requests: { type: 'string', default: '0' },
    rate: { type: 'string', default: '0' },
    gzip: { type: 'boolean', default: false },
    grace: { type: 'string', default: '20' },
  },
});
if (values.url === undefined) throw new Error('--url is missing');
const report = await generateLoad({
  url: values.url,
  prefix: values.prefix,
  runs: Number(values.runs),
  metrics: Number(values.metrics),
  steps: Number(values.steps),
  stepMicros: Number(values.stepMicros),
  connections: Number(values.connections),
  seconds: Number(values.seconds),
  requests: Number(values.requests),
  rate: Number(values.rate),
  gzip: values.gzip,
  graceSeconds: Number(values.grace),
});
console.log(JSON.stringify(report));
