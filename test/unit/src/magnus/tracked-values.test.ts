import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Tracked, type TrackedValue, trackedInEnvironment } from '../../../../src/magnus/tracked-values.ts';
import { trackedIn, userDefinedMetrics } from '../../../../src/magnus/user-defined-metrics.ts';

const one = (name: string, value: string) => trackedInEnvironment({ [name]: value });

describe('variables of the environment (Magnus, seed 004)', () => {
  test.each([
    ['MAGNUS_TRACK_answer', '42.0', { key: 'answer', step: 0, value: 42 }],
    ['SIMVUE_TRACK_answer', '42', { key: 'answer', step: 0, value: 42 }],
    ['MAGNUS_TRACK_spam', 'hello', { key: 'spam', step: 0, value: 'hello' }],
    ['MAGNUS_TRACK_eggs', '{"ham": "world"}', { key: 'eggs', step: 0, value: { ham: 'world' } }],
    ['MAGNUS_TRACK_SPAM', '"hello"', { key: 'spam', step: 0, value: 'hello' }],
    ['MAGNUS_TRACK_loss', 'NaN', { key: 'loss', step: 0, value: Number.NaN }],
    ['MAGNUS_TRACK_loss', '-Infinity', { key: 'loss', step: 0, value: Number.NEGATIVE_INFINITY }],
    ['MAGNUS_TRACK_empty', '', { key: 'empty', step: 0, value: '' }],
  ])('%s=%s is read as JSON, else as text; keys are lower case', (name, value, tracked) => {
    expect(one(name, value)).toEqual([tracked]);
  });

  test.each([
    ['MAGNUS_TRACK_spam_STEP_1', 'spam', 1],
    ['MAGNUS_TRACK_spam_STEP_007', 'spam', 7],
    ['MAGNUS_TRACK_a_STEP_1_STEP_2', 'a_step_1', 2],
    ['MAGNUS_TRACK_a_STEP_', 'a_step_', 0],
    ['MAGNUS_TRACK_a_STEP_x', 'a_step_x', 0],
    ['MAGNUS_TRACK_a_STEP_1.5', 'a_step_1.5', 0],
    ['MAGNUS_TRACK__STEP_3', '_step_3', 0],
    ['MAGNUS_TRACK_a_STEP_99999999999999999999', 'a_step_99999999999999999999', 0],
  ])('%s is key %s at step %i: a suffix that is not a step is part of the key', (name, key, step) => {
    expect(one(name, '1')).toEqual([{ key, step, value: 1 }]);
  });

  test('has no booleans: true and false are text, unless they are asked for', () => {
    const environment = { MAGNUS_TRACK_is_it_true: 'false' };
    expect(trackedInEnvironment(environment)).toEqual([{ key: 'is_it_true', step: 0, value: 'false' }]);
    expect(trackedInEnvironment(environment, { booleans: true })).toMatchObject([{ value: false }]);
  });

  test('leaves every other variable alone', () => {
    expect(trackedInEnvironment({ PATH: '1', MAGNUS_TRACK_: '1', MY_MAGNUS_TRACK_x: '1' })).toEqual([]);
  });
});

describe('user_defined_metrics of a step log', () => {
  const tracked = (key: string, step: number, value: TrackedValue): Tracked => ({ key, step, value });

  test.each<[string, Tracked[], object]>([
    ['a single value at step 0 stands bare', [tracked('answer', 0, 42)], { answer: 42 }],
    ['booleans of the API stay booleans', [tracked('is_it_true', 0, false)], { is_it_true: false }],
    [
      'several steps stand under their numbers',
      [tracked('s', 0, 'hello'), tracked('s', 1, 'hey')],
      { s: { 0: 'hello', 1: 'hey' } },
    ],
    ['a single value at another step keeps its step', [tracked('s', 3, 1)], { s: { 3: 1 } }],
    ['the last value of a step wins', [tracked('s', 0, 1), tracked('s', 0, 2)], { s: 2 }],
    ['a value that looks like steps keeps its own', [tracked('s', 0, { 1: 'x' })], { s: { 0: { 1: 'x' } } }],
  ])('%s', (_title, values, metrics) => {
    expect(userDefinedMetrics(values)).toEqual(metrics);
    expect(trackedIn(userDefinedMetrics(values))).toEqual([
      ...new Map(values.map((v) => [`${v.key}/${v.step}`, v])).values(),
    ]);
  });

  test('law: what was tracked can be read back, key by key and step by step', () => {
    const value = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<TrackedValue>;
    const item = fc.record({ key: fc.string(), step: fc.nat(), value });
    const keyed = (items: readonly Tracked[]) => new Map(items.map((i) => [JSON.stringify([i.key, i.step]), i.value]));
    fc.assert(
      fc.property(fc.array(item), (items) => {
        expect(keyed(trackedIn(userDefinedMetrics(items)))).toEqual(keyed(items));
      }),
    );
  });
});
