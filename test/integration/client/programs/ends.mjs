// Logs 500 points and one event, and ends in the way that its argument names.
import { Run } from 'simvue-otel';

const [way] = process.argv.slice(2);
if (way.startsWith('own handler')) process.on('SIGTERM', () => process.exit(way.includes('143') ? 143 : 0));
const run = new Run({ disableResourcesMetrics: true });
const started = run.init({ id: process.env.RUN_ID, name: 'ends' });
if (way !== 'at once') await started;
for (let i = 0; i < 500; i++) run.logMetrics({ x: i });
run.logEvent('before the end');

const ways = {
  'natural end': () => undefined,
  'at once': () => undefined,
  close: () => run.close(),
  'exit code 3 at a natural end': () => {
    process.exitCode = 3;
  },
  'top-level await of nothing': () => undefined,
  'exit code 5 by a listener of exit': () => {
    process.prependListener('exit', () => {
      process.exitCode = 5;
    });
  },
  throw: () => {
    throw new RangeError('thrown');
  },
  'unhandled rejection': () => void Promise.reject(new RangeError('thrown')),
  'unhandled rejection, handled with process.exit(4)': () => {
    process.on('unhandledRejection', (error) => {
      console.error(String(error));
      process.exit(4);
    });
    void Promise.reject(new RangeError('thrown'));
  },
  'unhandled rejection, handled by throwing it': () => {
    process.on('unhandledRejection', (error) => {
      throw error;
    });
    void Promise.reject(new RangeError('thrown'));
  },
  'unhandled rejection, no longer handled': () => {
    const handler = () => process.exit(0);
    process.on('unhandledRejection', handler);
    process.off('unhandledRejection', handler);
    void Promise.reject(new RangeError('thrown'));
  },
  'process.exit(0)': () => process.exit(0),
  'process.exit(1)': () => process.exit(1),
  'close, then throw before it is done': () => {
    void run.close();
    throw new RangeError('thrown');
  },
  'status, then process.exit(1)': () => {
    run.setStatus('terminated');
    process.exit(1);
  },
  'caught by a handler, then process.exit(0)': () => {
    process.on('uncaughtException', () => process.exit(0));
    throw new RangeError('thrown');
  },
  SIGTERM: () => process.kill(process.pid, 'SIGTERM'),
  SIGINT: () => process.kill(process.pid, 'SIGINT'),
  SIGHUP: () => process.kill(process.pid, 'SIGHUP'),
  'own handler with process.exit(143), SIGTERM': () => process.kill(process.pid, 'SIGTERM'),
  'own handler, SIGTERM': () => process.kill(process.pid, 'SIGTERM'),
};
setTimeout(ways[way], 20);
if (way === 'top-level await of nothing') await new Promise(() => undefined);
if (way.includes('SIG')) setInterval(() => undefined, 1000);
