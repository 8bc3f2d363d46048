import { expect, test } from 'vitest';
import { areMetricsOptions, CALL_OPTIONS, checkOptions } from '../../../src/call-options.ts';

test.each<[keyof typeof CALL_OPTIONS, unknown, unknown, string]>([
  ['logEvent', { lvel: 'warn' }, {}, 'logEvent: lvel is not known (did you mean "level"?)'],
  ['logMetrics', { step: 3, stpe: 4 }, { step: 3 }, 'logMetrics: stpe is not known (did you mean "step"?)'],
  ['save', { preserve_path: true }, {}, 'save: preserve_path is not known (did you mean "preservePath"?)'],
  ['save', { name: 'a', onProgress: 5 }, { name: 'a' }, 'save: onProgress must be a function, not 5'],
  ['setFolderDetails', { metdata: {} }, {}, 'setFolderDetails: metdata is not known (did you mean "metadata"?)'],
  ['addProcess', { executable: 'sh', args: '-c' }, { executable: 'sh' }, 'addProcess: args must be a list of texts'],
  ['reconnect', { firstStep: '450' }, {}, 'reconnect: firstStep must be an integer, not "450"'],
  ['logEvent', 'warn', {}, 'logEvent: options must be an object'],
  ['logMetrics', [3], {}, 'logMetrics: options must be an object'],
])('%s with %j keeps what is right and names what is wrong', (call, given, right, problem) => {
  const { options, problems } = checkOptions(call, given as object, CALL_OPTIONS[call] as never);
  expect(options).toEqual(right);
  expect(problems).toEqual([expect.stringContaining(problem)]);
});

test('no options, in either word, and right ones are no problem', () => {
  for (const given of [undefined, null, {}, { level: undefined }, { level: 'warn', attributes: { a: 1 } }]) {
    expect(checkOptions('logEvent', given as object, CALL_OPTIONS.logEvent as never).problems).toEqual([]);
  }
});

test('logMetrics knows at a glance which options are its own', () => {
  const own = [{}, { step: 1 }, { step: undefined, time: 2, timestamp: 3n }];
  const other = [{ stpe: 1 }, { step: 1, tiem: 2 }, [1], new Date()];
  expect(own.map(areMetricsOptions)).toEqual([true, true, true]);
  expect(other.map(areMetricsOptions)).toEqual([false, false, false, false]);
});
