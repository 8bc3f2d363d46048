import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { TestProcess } from '../../support/child-process.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpRun } from '../../support/otlp-run.ts';
import { inRepository } from '../../support/repository.ts';
import { eventually } from '../../support/rest-reader.ts';

const HOUR_MILLISECONDS = 3_600_000;
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

/** A run that began an hour ago and is sent now: event time alone moves it. */
const pastRun = async (): Promise<OtlpRun> => {
  const run = new OtlpRun(collector.url, randomId(), Date.now() - HOUR_MILLISECONDS);
  await run.start();
  return run;
};
const every = (seconds: number, from: number, to: number, value: number) =>
  Array.from({ length: Math.floor((to - from) / seconds) }, (_, i) => [from + (i + 1) * seconds, value] as const);
const RANGE = {
  'simvue.alert.name': 'out of range',
  'simvue.alert.source': 'metrics',
  'simvue.alert.rule': 'is outside range',
  'simvue.alert.metric': 'averages.mean',
  'simvue.alert.range_low': 9,
  'simvue.alert.range_high': 10,
  'simvue.alert.window_minutes': 2,
  'simvue.alert.frequency_minutes': 1,
};
const alertsOf = async (run: OtlpRun): Promise<{ alert: { id: string; name: string }; status: string | null }[]> =>
  (await collector.ask('GET', `/runs/${run.id}`)).json.alerts;
const statusOf = async (run: OtlpRun) => (await alertsOf(run))[0]?.status;
const evaluationsOf = async (run: OtlpRun) => {
  const [first] = await alertsOf(run);
  return (await collector.ask('GET', `/alerts/${first?.alert.id}/evaluations?run=${run.id}`)).json;
};

describe('an alert of a program', () => {
  it('is defined over OTLP and fires at 2:00, as seed 000 says', async () => {
    const run = await pastRun();
    await run.control('simvue.alert.define', RANGE);
    expect(await alertsOf(run)).toMatchObject([{ alert: { name: 'out of range' }, status: null }]);
    await run.points('averages.mean', every(1, 0, 119, 5));
    expect(
      (
        await eventually(
          () => evaluationsOf(run),
          ({ data }) => data.length === 1,
        )
      ).data,
    ).toMatchObject([{ verdict: 'warming up', share: 0.5, points: 60, value: 5 }]);
    expect(await statusOf(run)).toBe(null);
    await run.points('averages.mean', [[120, 5]]);
    expect(
      await eventually(
        () => statusOf(run),
        (status) => status === 'critical',
      ),
    ).toBe('critical');
    const { rule, data } = await evaluationsOf(run);
    expect(rule).toBe('the average of averages.mean over 2 minutes is outside range 9 to 10, evaluated every 1 minute');
    expect(data[0]).toMatchObject({ verdict: 'firing', changed: true, points: 120, value: 5, late: 0 });
    await run.points('averages.mean', every(1, 120, 240, 9.5));
    expect(
      await eventually(
        () => statusOf(run),
        (status) => status === 'ok',
      ),
    ).toBe('ok');
  });

  it('is the same alert when it is defined again, and a new one of the same name replaces it', async () => {
    const run = await pastRun();
    await run.control('simvue.alert.define', RANGE);
    await run.control('simvue.alert.define', RANGE);
    expect(await alertsOf(run)).toHaveLength(1);
    await run.control('simvue.alert.define', { ...RANGE, 'simvue.alert.range_low': 8 });
    expect(await alertsOf(run)).toHaveLength(1);
  });

  it('on events fires at once and asks the run to stop', async () => {
    const run = new OtlpRun(collector.url, randomId(), Date.now());
    await run.start();
    await run.control('simvue.alert.define', {
      'simvue.alert.name': 'divergence',
      'simvue.alert.source': 'events',
      'simvue.alert.pattern': 'diverged at [0-9]+',
      'simvue.alert.pattern_type': 'regex',
      'simvue.alert.abort': true,
    });
    await run.event('all is well', 0.01);
    await run.event('solver diverged at 17', 0.02);
    expect(
      await eventually(
        () => statusOf(run),
        (status) => status === 'critical',
        1_000,
      ),
    ).toBe('critical');
    expect((await collector.ask('GET', `/runs/${run.id}/abort`)).json.status).toBe(true);
  });

  it('tells the page of its new state', async () => {
    const run = await pastRun();
    await run.control('simvue.alert.define', RANGE);
    const stream = await fetch(`${collector.url}/api/live?run=${run.id}`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let [text, isDone] = ['', false];
    await run.points('averages.mean', every(1, 0, 121, 5));
    while (!text.includes('"state":true') && !isDone) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
      isDone = done;
      text += value ?? '';
    }
    await reader?.cancel();
    expect(text).toContain(`"id":"${run.id}"`);
    expect(await statusOf(run)).toBe('critical');
  });

  it('that it tells itself has the status that it tells', async () => {
    const run = await pastRun();
    await run.control('simvue.alert.define', { 'simvue.alert.name': 'mine', 'simvue.alert.source': 'user' });
    expect(await statusOf(run)).toBe(null);
    await run.control('simvue.alert.status', { 'simvue.alert.name': 'mine', 'simvue.alert.status': 'critical' });
    expect(await statusOf(run)).toBe('critical');
  });

  it('that cannot be understood is refused with what is missing', async () => {
    const run = await pastRun();
    const { 'simvue.alert.metric': _, ...incomplete } = RANGE;
    await expect(run.control('simvue.alert.define', incomplete)).rejects.toThrow(/simvue\.alert\.metric is missing/);
  });
});

describe('an alert by REST', () => {
  const attach = async (run: OtlpRun, alert: object): Promise<void> => {
    const { id } = (await collector.ask('POST', '/alerts', { name: 'rest', ...alert })).json;
    await collector.ask('PUT', `/runs/${run.id}`, { alerts: [id] });
  };
  const LOSS = { rule: 'is above', metric: 'loss', threshold: 1, window: 2, frequency: 1 };

  it('attached after the first points takes them into its first window', async () => {
    const run = await pastRun();
    await run.points('loss', every(1, 0, 90, 3));
    await attach(run, { source: 'metrics', alert: LOSS });
    await run.points('loss', every(1, 90, 120, 3));
    await eventually(
      () => statusOf(run),
      (status) => status === 'critical',
    );
    expect((await evaluationsOf(run)).data[0]).toMatchObject({ points: 120, verdict: 'firing' });
  });

  it('has one state for each series that fits, and is critical when one of them is', async () => {
    const run = await pastRun();
    await attach(run, { source: 'metrics', alert: { ...LOSS, metric: 'residuals.*', window: 1 } });
    await run.points('residuals.x', every(1, 0, 61, 3));
    await run.points('residuals.y', every(1, 0, 61, 0));
    await eventually(
      () => statusOf(run),
      (status) => status === 'critical',
    );
    const { data } = await eventually(
      () => evaluationsOf(run),
      (answer) => answer.data.length === 2,
    );
    expect(data.map((one: { series: string; verdict: string }) => [one.series, one.verdict]).sort()).toEqual([
      ['residuals.x', 'firing'],
      ['residuals.y', 'ok'],
    ]);
  });

  it('on the status of the run fires when it fails', async () => {
    const run = await pastRun();
    await attach(run, { source: 'run', alert: { status: 'failed' } });
    await eventually(
      () => statusOf(run),
      (status) => status === 'ok',
    );
    await run.end(10, 'failed');
    expect(
      await eventually(
        () => statusOf(run),
        (status) => status === 'critical',
      ),
    ).toBe('critical');
  });

  it('can be tried on a run that is over', async () => {
    const run = await pastRun();
    await run.points('loss', [...every(1, 0, 100, 0.5), ...every(1, 100, 200, 2)]);
    await run.end(201);
    const reply = await collector.ask('POST', '/alerts/test', {
      run: run.id,
      source: 'metrics',
      alert: { ...LOSS, window: 1 },
    });
    expect(reply.json).toMatchObject({
      rule: 'the average of loss over 1 minute is above 1, evaluated every 1 minute',
      changes: [
        { state: 'ok', value: 0.5, series: 'loss' },
        { state: 'firing', points: 60 },
      ],
      points: 200,
      evaluations: 4,
    });
    expect((await collector.ask('POST', '/alerts/test', { run: run.id, source: 'user', alert: {} })).status).toBe(422);
  });
});

describe('simvue alert test', () => {
  const command = (run: OtlpRun, rule: string, ...more: string[]) =>
    new TestProcess(process.execPath, [
      inRepository('dist/cli/main.js'),
      ...['alert', 'test', '--url', collector.url, '--run', run.id, '--rule', rule, ...more],
    ]).exited;

  it('prints when a rule would have fired', async () => {
    const run = await pastRun();
    await run.points('loss', [...every(1, 0, 60, 0.5), ...every(1, 60, 200, 2)]);
    const rule = { rule: 'is above', metric: 'loss', threshold: 1, window: 1, frequency: 1 };
    const { code, stdout } = await command(run, JSON.stringify(rule));
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'the average of loss over 1 minute is above 1, evaluated every 1 minute',
      expect.stringMatching(/^\d{4}-.* {2}ok {7}loss = 0\.5 \(60 points\)$/),
      expect.stringMatching(/ {2}firing {3}loss = 2 \(60 points\)$/),
      'fires once in 3 evaluations of 200 points',
      '',
    ]);
  });

  it('leaves out the beginning of the run when it is told to', async () => {
    const run = await pastRun();
    await run.points('loss', [...every(1, 0, 60, 2), ...every(1, 60, 200, 0.5)]);
    const rule = JSON.stringify({ rule: 'is above', metric: 'loss', threshold: 1, window: 1, frequency: 1 });
    expect((await command(run, rule)).stdout).toContain('fires once');
    expect((await command(run, rule, '--delay', '1.5')).stdout).toContain('does not fire');
    expect(await command(run, rule, '--delay=-1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--delay'),
    });
  });

  it('ends with 2 for what is no rule, and with 1 for one that the collector refuses', async () => {
    const run = await pastRun();
    expect(await command(run, 'nowhere.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('--rule') });
    const refused = await command(run, '{"rule":"is near","metric":"loss"}');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/422: alert\./) });
  });
});

describe('a restart', () => {
  it('neither forgets a window nor repeats a verdict', async () => {
    const run = await pastRun();
    await run.control('simvue.alert.define', RANGE);
    await run.points('averages.mean', every(1, 0, 61, 5));
    await eventually(
      () => evaluationsOf(run),
      ({ data }) => data.length === 1,
    );
    await collector.reopen();
    const later = new OtlpRun(collector.url, run.id, 0);
    expect((await evaluationsOf(later)).data).toHaveLength(1);
    const again = new OtlpRun(
      collector.url,
      run.id,
      Date.parse(`${(await evaluationsOf(later)).data[0].time}Z`) - 60_000,
    );
    await again.points('averages.mean', every(1, 50, 120, 5));
    await eventually(
      () => statusOf(again),
      (status) => status === 'critical',
    );
    const { data } = await evaluationsOf(again);
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({ verdict: 'firing', points: 120, late: 0 });
  });
});
