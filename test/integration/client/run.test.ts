import { Run, withRun } from 'simvue-otel';
import { describe, expect, test } from 'vitest';
import { OtlpSinkServer } from '../../support/otlp-sink.ts';

function createRun(sink: OtlpSinkServer, config: ConstructorParameters<typeof Run>[0] = {}): Run {
  return new Run({ url: sink.url, suppressErrors: false, disableResourcesMetrics: true, ...config });
}

describe('logMetrics', () => {
  test('100,000 calls in a tight loop are 100,000 points in the order of the calls, each later than the one before (B1)', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    for (let i = 0; i < 100_000; i++) run.logMetrics({ x: i });
    expect(await run.close()).toBe(true);
    const { points } = sink;
    expect(points.length).toBe(100_000);
    expect(points.every((point, i) => point.value === i && point.step === i)).toBe(true);
    const times = points.map((point) => point.timeUnixNano);
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] as bigint))).toBe(true);
    expect(run.counters).toMatchObject({ dropped: 0, rejected: 0, invalid: 0, pendingPoints: 0, pendingEvents: 0 });
  });

  test('two calls in each of ten loops make steps to 20; with a step of their own they share it (B2, B3)', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    for (let count = 0; count < 10; count++) {
      run.logMetrics({ a: count });
      run.logMetrics({ b: count });
    }
    expect(run.nextStep).toBe(20);
    for (let count = 0; count < 10; count++) {
      run.logMetrics({ c: count }, { step: count });
      run.logMetrics({ d: count }, count);
    }
    await run.close();
    const steps = (name: string) => sink.points.filter((point) => point.name === name).map((point) => point.step);
    expect(steps('a')).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(steps('b')).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    expect(steps('c')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(steps('d')).toEqual(steps('c'));
    expect(run.nextStep).toBe(40);
  });

  test('the values of one call share step and time; a call without a value leaves a gap (B4)', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    run.logMetrics({ mean: 1, median: 2n, done: true });
    run.logMetrics({ mean: Number.NaN, median: -0 });
    await run.close();
    const { points } = sink;
    expect(points.map(({ name, value, step }) => [name, value, step])).toEqual([
      ['mean', 1, 0],
      ['median', 2n, 0],
      ['done', 1, 0],
      ['mean', Number.NaN, 1],
      ['median', -0, 1],
    ]);
    expect(new Set(points.map((point) => point.timeUnixNano)).size).toBe(2);
  });

  test.each([
    { form: 'ISO with Z', timestamp: '2026-11-20T10:11:12.123456Z' as const },
    { form: 'ISO without zone, which is UTC', timestamp: '2026-11-20T10:11:12.123456' as const },
    { form: 'with a space', timestamp: '2026-11-20 10:11:12.123456' as const },
    { form: 'nanoseconds', timestamp: 1_795_169_472_123_456_000n },
    { form: 'seconds and nanoseconds', timestamp: [1_795_169_472, 123_456_000] as const },
  ])('a timestamp $form keeps its microseconds', async ({ timestamp }) => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    run.logMetrics({ x: 1 }, { timestamp });
    run.logMetrics({ x: 1 }, undefined, -2.5, timestamp);
    run.logEvent('then', { timestamp });
    await run.close();
    expect(sink.points.map((point) => point.timeUnixNano)).toEqual([
      1_795_169_472_123_456_000n,
      1_795_169_472_123_456_000n,
    ]);
    expect(sink.points.map((point) => point.attributes['simvue.time'])).toEqual([undefined, -2.5]);
    expect(sink.records.find((record) => record.body === 'then')?.timeUnixNano).toBe(1_795_169_472_123_456_000n);
  });

  test('a call of 20,000 metrics arrives whole', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    run.logMetrics(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`metric-${i}`, i])));
    await run.close();
    expect(sink.points.map((point) => point.value)).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    expect(new Set(sink.points.map((point) => point.timeUnixNano)).size).toBe(1);
  });
});

describe('errors', () => {
  test('by default a wrong value is counted and left out, and its neighbours are sent', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink, { suppressErrors: true });
    expect(run.logMetrics({ early: 1 })).toBe(false);
    await run.init();
    expect(run.logMetrics({ good: 1, bad: 'text' as unknown as number, '': 2 })).toBe(false);
    expect(run.logMetrics({ x: 1 }, { step: 1.5 })).toBe(false);
    expect(run.logMetrics({ x: 1 }, { timestamp: 'yesterday' })).toBe(false);
    expect(run.updateMetadata({ f: (() => 1) as unknown as number })).toBe(false);
    expect(run.setStatus('lost' as 'failed')).toBe(false);
    await run.close();
    expect(run.logMetrics({ late: 1 })).toBe(false);
    expect(sink.points.map((point) => point.name)).toEqual(['good']);
    expect(run.counters.invalid).toBe(8);
  });

  test.each([
    {
      what: 'a call before init',
      code: 'SIMVUE_ERR_RUN_NOT_ACTIVE',
      act: () => new Run({ suppressErrors: false }).logEvent('x'),
    },
    {
      what: 'a wrong interval',
      code: 'SIMVUE_ERR_CONFIG',
      act: () => new Run({ suppressErrors: false, resourcesMetricsInterval: 0 }),
    },
    {
      what: 'a wrong address',
      code: 'SIMVUE_ERR_CONFIG',
      act: () => new Run({ suppressErrors: false, url: 'ftp://x' }).init(),
    },
    {
      what: 'a wrong name',
      code: 'SIMVUE_ERR_INVALID_ARGUMENT',
      act: () => new Run({ suppressErrors: false }).init('a;b'),
    },
    {
      what: 'a wrong id',
      code: 'SIMVUE_ERR_INVALID_ARGUMENT',
      act: () => new Run({ suppressErrors: false }).init({ id: 'x'.repeat(129) }),
    },
  ])('with suppressErrors false $what throws $code', async ({ code, act }) => {
    await expect((async () => act())()).rejects.toMatchObject({ name: 'SimvueError', code });
  });

  test('every mistake in a call is a SimvueError that names it, of the file system and of types too', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    const wrong = { name: 'SimvueError', code: 'SIMVUE_ERR_INVALID_ARGUMENT' };
    const calls: readonly (readonly [() => unknown, RegExp])[] = [
      [() => run.saveFile('/no/such/file', 'code'), /ENOENT/],
      [() => run.saveFile(process.cwd(), 'code'), /saveDirectory/],
      [() => run.saveDirectory('/no/such/directory', 'code'), /ENOENT/],
      [() => run.saveFile(5 as never, 'code'), /path/],
      [() => run.saveObject({}, 'code', { name: 'a\nb' }), /'a\\nb'/],
      [() => run.addProcess('missing', { executable: '/no/such/program' }), /ENOENT/],
      [() => run.addAlerts('name' as never), /list/],
      [() => run.addAlert({ name: 'a', pattern: 'x', notification: 5 as never }), /notification/],
      [() => run.setPid(2 ** 30), /process 1073741824/],
      [() => run.logMetrics({ x: 1 }, { step: '1' as never }), /step '1'/],
    ];
    for (const [call, message] of calls) {
      await expect((async () => call())()).rejects.toMatchObject({ ...wrong, message: expect.stringMatching(message) });
    }
    await run.close();
  });

  test('config after init is an error, and changes nothing', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    expect(() => run.config({ resourcesMetricsInterval: 1 })).toThrow('before init');
    expect(() => run.config({ suppressErrors: true })).toThrow('before init');
    await run.close();
  });
});

describe('the description of a run', () => {
  test('init takes one object, or name, metadata, tags, description and folder in this order', async () => {
    await using sink = await OtlpSinkServer.start();
    const metadata = { rate: 0.001, steps: 2000, ok: false, nested: { deep: 'x' } };
    const first = createRun(sink);
    await first.init({ name: 'my run', metadata, tags: ['a', 'b', 'a'], description: 'text', folder: 'p//q/' });
    const second = createRun(sink);
    await second.init('my run', metadata, ['a', 'b', 'a'], 'text', '/p/q');
    await Promise.all([first.close(), second.close()]);
    expect(first.id).toMatch(/^[A-Za-z0-9]{22}$/);
    for (const run of [first, second]) {
      expect([run.name, run.folder, run.status]).toEqual(['my run', '/p/q', 'completed']);
      expect(sink.resources.find((resource) => resource['simvue.run.id'] === run.id)).toMatchObject({
        'simvue.run.name': 'my run',
        'simvue.run.folder': '/p/q',
        'simvue.run.tags': ['a', 'b'],
        'simvue.run.description': 'text',
        'simvue.run.metadata.rate': 0.001,
        'simvue.run.metadata.steps': 2000,
        'simvue.run.metadata.ok': false,
        'simvue.run.metadata.nested.deep': 'x',
        'process.pid': process.pid,
      });
    }
    const instances = new Set(sink.resources.map((resource) => resource['service.instance.id']));
    expect(instances.size).toBe(2);
  });

  test('without a name it gets two random words', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init();
    await run.close();
    expect(run.name).toMatch(/^[a-z]+-[a-z]+$/);
    expect(run.folder).toBe('/');
  });

  test('changes travel as control records with increasing uids', async () => {
    await using sink = await OtlpSinkServer.start();
    const run = createRun(sink);
    await run.init({ status: 'created', folder: '/f', notification: 'all' });
    run.setStatus('running');
    run.updateMetadata({ mean: 4.9, nested: { key: null } });
    run.updateTags(['completed', 'completed']);
    run.setTags(['only']);
    run.setFolderDetails('/f', { environment: 'testing' }, ['t'], 'text');
    run.setFolderDetails({ metadata: { a: 1 } });
    run.setStatus('failed');
    await run.close();
    await run.close();
    const uid = 'log.record.uid';
    const seen = sink.records.map(({ eventName, attributes: { [uid]: _, ...attributes } }) => [eventName, attributes]);
    expect(seen).toEqual([
      ['simvue.run.start', { 'simvue.run.status': 'created', 'simvue.run.role': 'owner' }],
      ['simvue.run.update', { 'simvue.run.notification': 'all' }],
      ['simvue.run.update', { 'simvue.run.status': 'running' }],
      ['simvue.run.update', { 'simvue.run.metadata.mean': 4.9, 'simvue.run.metadata.nested.key': null }],
      ['simvue.run.update', { 'simvue.run.tags_added': ['completed'] }],
      ['simvue.run.update', { 'simvue.run.tags_set': ['only'] }],
      [
        'simvue.run.update',
        {
          'simvue.folder.path': '/f',
          'simvue.folder.metadata.environment': 'testing',
          'simvue.folder.tags': ['t'],
          'simvue.folder.description': 'text',
        },
      ],
      ['simvue.run.update', { 'simvue.folder.path': '/f', 'simvue.folder.metadata.a': 1 }],
      ['simvue.run.end', { 'simvue.run.status': 'failed' }],
    ]);
    const instance = sink.resources[0]?.['service.instance.id'];
    expect(sink.records.map((record) => record.attributes[uid])).toEqual(seen.map((_, i) => `${instance}-${i}`));
    expect(run.status).toBe('failed');
  });
});

test('an error is an event with type, message and stack; levels become severities', async () => {
  await using sink = await OtlpSinkServer.start();
  const run = createRun(sink);
  await run.init();
  run.logEvent(new RangeError('no\nway'));
  run.logEvent('careful', { level: 'warn', attributes: { iteration: 3 } });
  await run.close();
  const [, error, warning] = sink.records;
  expect(error).toMatchObject({
    body: 'RangeError: no\nway',
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: '',
  });
  expect(error?.attributes).toMatchObject({ 'exception.type': 'RangeError', 'exception.message': 'no\nway' });
  expect(error?.attributes['exception.stacktrace']).toContain('run.test.ts');
  expect(warning).toMatchObject({ body: 'careful', severityNumber: 13, attributes: { iteration: 3 } });
});

describe('withRun', () => {
  test('completes the run and returns the result; inside, close may be called too', async () => {
    await using sink = await OtlpSinkServer.start();
    const config = { url: sink.url, disableResourcesMetrics: true };
    const result = await withRun({ name: 'inside', config }, async (run) => {
      run.logMetrics({ x: 1 });
      await run.close();
      return 42;
    });
    expect(result).toBe(42);
    expect(sink.records.at(-1)?.attributes['simvue.run.status']).toBe('completed');
  });

  test('a throw makes the run failed, is logged as an event, and goes on', async () => {
    await using sink = await OtlpSinkServer.start();
    const config = { url: sink.url, disableResourcesMetrics: true };
    const failing = withRun({ config }, () => {
      throw new TypeError('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(sink.records.map(({ eventName, body }) => [eventName, body])).toEqual([
      ['simvue.run.start', undefined],
      ['', 'TypeError: broken'],
      ['simvue.run.end', undefined],
    ]);
    expect(sink.records.at(-1)?.attributes['simvue.run.status']).toBe('failed');
  });

  test('await using closes the run', async () => {
    await using sink = await OtlpSinkServer.start();
    {
      await using run = createRun(sink);
      await run.init();
    }
    expect(sink.records.map((record) => record.eventName)).toEqual(['simvue.run.start', 'simvue.run.end']);
  });
});
