import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomId } from '../../../collector/pipeline/run-id.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { OtlpRun } from '../../support/otlp-run.ts';
import { eventually } from '../../support/rest-reader.ts';

const HOUR_MILLISECONDS = 3_600_000;
let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

it('an event tells the alert that it made fire, or that it kept firing, also after a restart', async () => {
  const run = new OtlpRun(collector.url, randomId(), Date.now() - HOUR_MILLISECONDS);
  await run.start();
  const watched = {
    'simvue.alert.source': 'events',
    'simvue.alert.window_minutes': 1,
    'simvue.alert.frequency_minutes': 1,
  };
  await run.event('bounding omega before anybody watched', 1);
  await run.control('simvue.alert.define', {
    ...watched,
    'simvue.alert.name': 'bounding',
    'simvue.alert.pattern': 'bounding',
  });
  await run.control('simvue.alert.define', {
    ...watched,
    'simvue.alert.name': 'huge',
    'simvue.alert.pattern': 'max: \\d+e\\+\\d\\d$',
    'simvue.alert.pattern_type': 'regex',
  });
  await run.event('bounding omega, max: 12', 10);
  await run.event('bounding omega, max: 1e+07', 20.000_001);
  await run.event('calm', 30);
  await run.event('calm again', 120);
  await run.event('bounding k', 130);
  const told = async () => {
    const { data } = (await collector.ask('GET', `/runs/${run.id}/events`)).json;
    return data.map(({ alerts }: { alerts: { name: string; fired: boolean }[] }) =>
      alerts.map(({ name, fired }) => (fired ? `${name}!` : name)).join(' '),
    );
  };
  const expected = ['', 'bounding!', 'bounding huge!', '', '', 'bounding!'];
  expect(await eventually(told, (found) => found.join() === expected.join())).toEqual(expected);
  await collector.reopen();
  expect(await told()).toEqual(expected);
  const later = (await collector.ask('GET', `/runs/${run.id}/events?start=2&count=1`)).json.data[0].alerts[0];
  expect(later).toEqual({ id: expect.stringMatching(/^\w{22}$/), name: 'bounding', fired: false });
});
