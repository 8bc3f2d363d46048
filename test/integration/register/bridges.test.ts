import { logs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { pino } from 'pino';
import { Run } from 'simvue-otel';
import { captureConsole, pinoStream, SimvueLogRecordProcessor, SimvueTransport } from 'simvue-otel/bridges';
import { expect, test } from 'vitest';
import { createLogger } from 'winston';
import { CollectorProcess } from '../../support/collector-process.ts';
import type { ReceivedRecord } from '../../support/otlp-decode.ts';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';

/** Events of a run that `work` writes to. */
async function eventsOf(work: (run: Run) => void | Promise<void>): Promise<readonly ReceivedRecord[]> {
  await using sink = await OtlpSinkServer.start();
  const run = new Run({ url: sink.url, suppressErrors: false, disableResourcesMetrics: true });
  await run.init();
  await work(run);
  await run.close();
  return sink.records.filter(({ eventName }) => eventName === '');
}

const seen = (records: readonly ReceivedRecord[]) => records.map(({ severityText, body }) => [severityText, body]);

test('a winston transport makes events of messages from its level on, with fields, errors and syslog words', async () => {
  const records = await eventsOf((run) => {
    const levels = { emerg: 0, error: 1, warning: 2, info: 3, verbose: 4 };
    const logger = createLogger({
      level: 'verbose',
      levels,
      transports: [new SimvueTransport(run, { level: 'info' })],
    });
    logger.info('refined', { cells: 12, error: new TypeError('inner') });
    logger.log('verbose', 'too fine');
    logger.log('warning', 'large step');
    logger.log('emerg', 'stop');
    logger.error(new RangeError('diverged'));
  });
  expect(seen(records)).toEqual([
    ['INFO', 'refined'],
    ['WARNING', 'large step'],
    ['CRITICAL', 'stop'],
    ['ERROR', 'diverged'],
  ]);
  expect(records[0]?.attributes).toMatchObject({
    cells: 12,
    'exception.type': 'TypeError',
    'exception.message': 'inner',
  });
  expect(records[3]?.attributes['exception.stacktrace']).toContain('bridges.test.ts');
});

test('a pino stream makes events of records from its level on, with their times, fields and errors', async () => {
  const records = await eventsOf((run) => {
    const logger = pino({ level: 'trace' }, pinoStream(run, { level: 'debug' }));
    logger.trace('too fine');
    logger.debug({ cells: 12 }, 'refined');
    logger.error(new RangeError('diverged'));
    logger.fatal('stop');
  });
  expect(seen(records)).toEqual([
    ['DEBUG', 'refined'],
    ['ERROR', 'diverged'],
    ['FATAL', 'stop'],
  ]);
  expect(records[0]?.attributes).toMatchObject({ cells: 12, hostname: expect.any(String) });
  expect(records[1]?.attributes).toMatchObject({ 'exception.type': 'RangeError' });
});

test('a pino transport in its own thread is a member of the run that it is given', async () => {
  await using collector = await CollectorProcess.start();
  const { url, rest } = collector;
  const run = new Run({ url, disableResourcesMetrics: true });
  await run.init();
  const id = String(run.id);
  const transport = pino.transport({ target: 'simvue-otel/pino', options: { run: id, url, level: 'warn' } });
  const logger = pino(transport);
  logger.info('too fine');
  for (let i = 0; i < 100; i++) logger.warn({ i }, 'from the thread');
  transport.end();
  await new Promise((resolve) => transport.on('close', resolve));
  const { data } = await rest.events(id);
  expect(data.map(({ message, attributes }) => [message, attributes['i']])).toEqual(
    Array.from({ length: 100 }, (_, i) => ['from the thread', i]),
  );
  expect((await rest.run(id)).status).toBe('running');
  await run.close();
});

test("a log record processor makes events of a program's own SDK, from its level on, with their times", async () => {
  const time: [number, number] = [1_790_000_000, 123_456_789];
  const records = await eventsOf(async (run) => {
    const provider = new LoggerProvider({ processors: [new SimvueLogRecordProcessor(run, { level: 'info' })] });
    const logger = provider.getLogger('solver');
    logger.emit({ severityNumber: 5, body: 'too fine' });
    logger.emit({ severityNumber: 13, body: 'large step', attributes: { step: 3 }, timestamp: time });
    logger.emit({ body: { residual: 0.5 } });
    await provider.shutdown();
    logs.disable();
  });
  expect(seen(records)).toEqual([
    ['WARN', 'large step'],
    ['INFO', '{"residual":0.5}'],
  ]);
  expect(records[0]).toMatchObject({ timeUnixNano: 1_790_000_000_123_456_789n, attributes: { step: 3 } });
  expect(records[1]?.attributes).toMatchObject({ residual: 0.5 });
});

test('console capture prints as before, takes levels from its threshold on, and ends when it is told to', async () => {
  const printed: unknown[][] = [];
  const target = {
    ...console,
    log: (...items: unknown[]) => printed.push(items),
    debug: () => undefined,
    error: () => undefined,
  };
  const records = await eventsOf((run) => {
    const end = captureConsole(run, 'info', target as Console);
    target.log('a %d', 1, { b: 2 });
    target.debug();
    (target as Console).error(new RangeError('diverged'));
    end();
    target.log('afterwards');
  });
  expect(printed).toEqual([['a %d', 1, { b: 2 }], ['afterwards']]);
  expect(seen(records).map(([level, body]) => [level, String(body).split('\n')[0]])).toEqual([
    ['INFO', 'a 1 { b: 2 }'],
    ['ERROR', 'RangeError: diverged'],
  ]);
});
