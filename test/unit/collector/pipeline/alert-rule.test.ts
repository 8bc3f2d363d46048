import { describe, expect, it } from 'vitest';
import { readAlertEvent } from '../../../../collector/pipeline/alert-events.ts';
import { readAlertRule, ruleProblem, ruleText } from '../../../../collector/pipeline/alert-rule.ts';
import { AttributeReader } from '../../../../collector/pipeline/change-attributes.ts';
import type { EventRecord } from '../../../../collector/pipeline/telemetry.ts';
import type { AlertDefinition } from '../../../../collector/store/alert-store.ts';

type Definition = Pick<AlertDefinition, 'source' | 'rule' | 'delay'>;
const ABOVE: Definition = {
  source: 'metrics',
  delay: 0,
  rule: { rule: 'is above', metric: 'loss', threshold: 0, window: 2, frequency: 0.5, aggregation: 'average' },
};
const metrics = (rule: Definition['rule']): Definition => ({ source: 'metrics', rule, delay: 0 });

describe('a rule', () => {
  it.each<[Definition, string]>([
    [ABOVE, 'the average of loss over 2 minutes is above 0, evaluated every 0.5 minutes'],
    [
      metrics({ ...ABOVE.rule, aggregation: 'at least one' }),
      'at least one value of loss over 2 minutes is above 0, evaluated every 0.5 minutes',
    ],
    [
      metrics({ rule: 'has no data', metric: 'a.*', window: 1, frequency: 1 }),
      'a.* has no data for 1 minute, evaluated every 1 minute',
    ],
    [
      metrics({ rule: 'is not finite', metric: 'loss', window: 1, frequency: 1 }),
      'a value of loss is not finite, looked at as it comes',
    ],
    [
      { source: 'events', rule: { pattern: 'a.c', pattern_type: 'regex', frequency: 1 }, delay: 0 },
      'an event matches the regular expression "a.c", looked at as it comes',
    ],
    [{ source: 'run', rule: { status: 'lost' }, delay: 0 }, 'the run is lost'],
    [
      { ...ABOVE, delay: 5 },
      'the average of loss over 2 minutes is above 0, evaluated every 0.5 minutes, from 5 minutes after the start of the run on',
    ],
    [{ source: 'user', rule: null, delay: 0 }, 'the status is told by the user'],
  ])('%j in words', (definition, words) => expect(ruleText(definition, 'minutes')).toBe(words));

  it('counts minutes, or seconds where that is set', () => {
    expect(readAlertRule(ABOVE, 'minutes')).toMatchObject({ windowNano: 120e9, frequencyNano: 30e9, delayNano: 0 });
    expect(readAlertRule({ ...ABOVE, delay: 2 }, 'minutes')).toMatchObject({ delayNano: 120e9 });
    expect(readAlertRule(ABOVE, 'seconds')).toMatchObject({ windowNano: 2e9, frequencyNano: 0.5e9 });
  });

  it('on events has a window as long as its frequency unless it says another', () => {
    expect(
      readAlertRule({ source: 'events', rule: { pattern: 'x', frequency: 3 }, delay: 0 }, 'minutes'),
    ).toMatchObject({
      windowNano: 180e9,
      patternType: 'substring',
    });
  });

  it.each<[Omit<Definition, 'delay'>, string | undefined]>([
    [ABOVE, undefined],
    [metrics({ range_low: 2, range_high: 2 }), 'range_low'],
    [metrics({ window: 20_000, frequency: 1 }), 'frequency'],
    [{ source: 'events', rule: { pattern: '(', pattern_type: 'regex', frequency: 1 } }, 'pattern'],
    [{ source: 'events', rule: { pattern: '(', frequency: 1 } }, undefined],
  ])('%j is wrong in %s', (definition, field) => expect(ruleProblem(definition)?.field).toBe(field));
});

describe('an alert record', () => {
  const read = (attributes: EventRecord['attributes'], unit: 'minutes' | 'seconds' = 'minutes') => {
    const reader = new AttributeReader(attributes);
    const record = { eventName: 'simvue.alert.define', attributes } as EventRecord;
    return { event: readAlertEvent(record, reader, unit), problems: reader.problems };
  };
  const DEFINE = {
    'simvue.alert.name': 'a',
    'simvue.alert.source': 'metrics',
    'simvue.alert.rule': 'is above',
    'simvue.alert.metric': 'loss',
    'simvue.alert.threshold': 1,
    'simvue.alert.window_minutes': 2,
  };

  it('is a definition; its minutes are kept in the unit of the collector', () => {
    const { event } = read(
      { ...DEFINE, 'simvue.alert.notification': ['a', 'b'], 'simvue.alert.abort': true },
      'seconds',
    );
    expect(event).toMatchObject({
      kind: 'define',
      definition: {
        notification: 'a,b',
        abort: true,
        rule: { window: 120, frequency: 60, aggregation: 'average', threshold: 1 },
      },
    });
  });

  it.each([
    ['simvue.alert.name', undefined, 'simvue.alert.name is missing'],
    ['simvue.alert.metric', undefined, 'simvue.alert.metric is missing'],
    ['simvue.alert.threshold', undefined, 'simvue.alert.threshold is missing'],
    ['simvue.alert.rule', 'is near', 'simvue.alert.rule "is near" is unknown'],
    ['simvue.alert.window_minutes', 0, 'simvue.alert.window_minutes 0 is out of range'],
    ['simvue.alert.window_minutes', 100_000, 'simvue.alert.frequency the window is more than'],
  ])('with %s = %s tells %s', (key, value, problem) => {
    const attributes: Record<string, string | number> = { ...DEFINE };
    if (value === undefined) delete attributes[key];
    else attributes[key] = value;
    const { event, problems } = read(attributes);
    expect(event).toBe(undefined);
    expect(problems[0]).toContain(problem);
  });
});
