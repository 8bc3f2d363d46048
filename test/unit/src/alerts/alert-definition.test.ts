import { describe, expect, test } from 'vitest';
import { type AlertArguments, alertDefinition } from '../../../../src/alerts/alert-arguments.ts';
import { type AlertDefinition, checkAlert } from '../../../../src/alerts/alert-definition.ts';
import { alertAttributes, alertStatusAttributes } from '../../../../src/alerts/alert-record.ts';

const range = {
  name: 'mean',
  rule: 'is outside range',
  metric: 'averages.mean',
  frequency: 1,
  window: 2,
  rangeLow: 4,
  rangeHigh: 6,
} as const;

describe('every form of addAlert there has been says the same', () => {
  test.each<{ form: string; args: AlertArguments }>([
    { form: 'an object', args: [range] },
    {
      form: 'the keys of the first client (001)',
      args: [
        {
          name: 'mean',
          type: 'is outside range',
          metric: 'averages.mean',
          frequency: 1,
          window: 2,
          range_low: 4,
          range_high: 6,
        },
      ],
    },
    { form: 'a rule without its small words', args: [{ ...range, rule: 'outside' }] },
    { form: 'the order of 002', args: ['mean', 'is outside range', 'averages.mean', 1, 2, 4, 6] },
    {
      form: 'the order of 002, bounds by name',
      args: ['mean', 'is outside range', 'averages.mean', 1, 2, { range_low: 4, range_high: 6 }],
    },
    { form: 'the order of 002 with a rule in a word', args: ['mean', 'outside', 'averages.mean', 1, 2, 4, 6] },
    { form: 'the order of 003', args: ['mean', 'metrics', 1, 2, 'is outside range', 'averages.mean', undefined, 4, 6] },
  ])('$form', ({ args }) => {
    expect(checkAlert(alertDefinition(args))).toEqual({ ...range, source: 'metrics' });
  });

  test('an event alert in the order of 003 names its pattern last', () => {
    const args: AlertArguments = [
      'e',
      'events',
      1,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'email',
      'Error',
    ];
    expect(checkAlert(alertDefinition(args))).toEqual({
      name: 'e',
      source: 'events',
      frequency: 1,
      window: 1,
      notification: 'email',
      pattern: 'Error',
    });
  });

  test('a field that there is not is refused by name: an alert without its channel would be silent', () => {
    const misspelt = { ...range, notifcation: 'email' } as AlertDefinition;
    expect(() => checkAlert(misspelt)).toThrow('notifcation is not known (did you mean "notification"?)');
    expect(() => checkAlert({ name: 'e', pattern: 'x', patternType: 'glob' as 'regex' })).toThrow('patternType');
  });

  test('a pattern alone makes an event alert; the window is the frequency, the frequency a minute', () => {
    expect(checkAlert({ name: 'e', pattern: 'x' })).toMatchObject({ source: 'events', frequency: 1, window: 1 });
    expect(checkAlert({ name: 'e', pattern: 'x', frequency: 0.5 })).toMatchObject({ frequency: 0.5, window: 0.5 });
  });
});

test('a metric that has no data or is not finite, and a run that failed or is lost, need no bounds', () => {
  expect(checkAlert({ name: 'n', rule: 'is not finite', metric: '*' })).toMatchObject({ source: 'metrics', window: 1 });
  const lost = alertAttributes(checkAlert({ name: 'r', source: 'run', rule: 'lost' }));
  expect(Object.fromEntries(lost)).toEqual({
    'simvue.alert.name': 'r',
    'simvue.alert.source': 'run',
    'simvue.alert.rule': 'lost',
  });
});

describe('a wrong definition is refused with the name of the field', () => {
  const above = { name: 'a', rule: 'is above', metric: 'm', threshold: 0 } as const;
  test('zero is a threshold', () => {
    expect(checkAlert(above).threshold).toBe(0);
    expect(alertAttributes(checkAlert(above)).get('simvue.alert.threshold')).toBe(0);
  });

  test.each<{ definition: Readonly<Record<string, unknown>>; problem: string }>([
    { definition: { ...above, name: '' }, problem: 'name needs' },
    { definition: { ...above, source: 'logs' }, problem: 'source is not one of' },
    { definition: { ...above, rule: 'above' }, problem: 'rule is not one of' },
    { definition: { ...above, metric: undefined }, problem: 'metric is missing' },
    { definition: { ...above, threshold: undefined }, problem: 'threshold must be a number' },
    { definition: { ...above, threshold: Number.NaN }, problem: 'threshold must be a number' },
    { definition: { ...above, rangeLow: 1 }, problem: 'rangeLow does not belong' },
    { definition: { ...range, rangeHigh: 4 }, problem: 'rangeLow must be below rangeHigh' },
    { definition: { ...range, threshold: 1 }, problem: 'threshold does not belong' },
    { definition: { ...above, window: 0 }, problem: 'window is not a number of minutes' },
    { definition: { ...above, frequency: '1' }, problem: 'frequency is not a number of minutes' },
    { definition: { ...above, aggregation: 'median' }, problem: 'aggregation is not one of' },
    { definition: { ...above, pattern: 'x' }, problem: 'pattern does not belong' },
    { definition: { name: 'e', source: 'events' }, problem: 'pattern is missing' },
    { definition: { name: 'e', source: 'events', pattern: 'x', metric: 'm' }, problem: 'metric does not belong' },
    { definition: { name: 'n', rule: 'has no data', metric: 'm', threshold: 1 }, problem: 'threshold does not belong' },
    { definition: { name: 'r', source: 'run', rule: 'is above' }, problem: 'rule is not one of failed, lost' },
    { definition: { name: 'u', source: 'user', rule: 'failed' }, problem: 'rule does not belong' },
    { definition: { name: 'u', source: 'user', pattern: 'x' }, problem: 'pattern does not belong' },
  ])('$problem', ({ definition, problem }) => {
    expect(() => checkAlert(definition as unknown as AlertDefinition)).toThrow(problem);
  });
});

describe('on the wire', () => {
  test('a definition is the attributes of simvue.alert.define; what is not said is not sent', () => {
    expect(Object.fromEntries(alertAttributes(checkAlert({ ...range, notification: 'none' })))).toEqual({
      'simvue.alert.name': 'mean',
      'simvue.alert.source': 'metrics',
      'simvue.alert.rule': 'is outside range',
      'simvue.alert.metric': 'averages.mean',
      'simvue.alert.range_low': 4,
      'simvue.alert.range_high': 6,
      'simvue.alert.frequency_minutes': 1,
      'simvue.alert.window_minutes': 2,
    });
    const user = alertAttributes(
      checkAlert({ name: 'u', source: 'user', notification: ['email', 'ops'], triggerAbort: true }),
    );
    expect(Object.fromEntries(user)).toEqual({
      'simvue.alert.name': 'u',
      'simvue.alert.source': 'user',
      'simvue.alert.notification': ['email', 'ops'],
      'simvue.alert.abort': true,
    });
  });

  test('a user alert is set by its name or by its id', () => {
    expect([...alertStatusAttributes('exit status', 'critical')]).toContainEqual(['simvue.alert.name', 'exit status']);
    expect([...alertStatusAttributes('aB3456789012345678901Z', 'ok')]).toContainEqual([
      'simvue.alert.id',
      'aB3456789012345678901Z',
    ]);
    expect(() => alertStatusAttributes('a', 'bad' as 'ok')).toThrow('not one of ok, critical');
  });
});
