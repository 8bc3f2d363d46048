import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../src/config-check.ts';
import { checkInit } from '../../../src/init-settings.ts';
import { hint } from '../../../src/option-kinds.ts';
import type { InitOptions, RunConfig } from '../../../src/run-options.ts';
import { describeRun } from '../../../src/run-resource.ts';

describe('a configuration', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a misspelt key', { supressErrors: false }, 'supressErrors: is not known (did you mean "suppressErrors"?)'],
    [
      'a key as Python spells it',
      { abort_on_alert: 'run' },
      'abort_on_alert: is not known (did you mean "abortOnAlert"?)',
    ],
    ['a key like no other', { colour: 'red' }, 'colour: is not known. '],
    [
      'a word that is none of the known',
      { abortOnAlert: 'stop' },
      'abortOnAlert: must be one of terminate, run, ignore',
    ],
    ['a text in place of a boolean', { disableProvenance: 'no' }, 'disableProvenance: must be true or false, not "no"'],
    [
      'a text in place of a number',
      { resourcesMetricsInterval: '10' },
      'resourcesMetricsInterval: must be a number above 0',
    ],
    ['a token with a line end', { token: 'a\n' }, 'token: must be a text without spaces and line ends'],
    ['half a pair of exporters', { exporter: { metrics: {} } }, 'exporter: must be a pair { metrics, logs }'],
  ])('%s is left out and named, the rest is kept', (_, wrong, problem) => {
    const { config, problems } = checkConfig({ url: 'http://a', ...wrong } as RunConfig);
    expect(config).toEqual({ url: 'http://a' });
    expect(problems).toEqual([expect.objectContaining({ code: 'SIMVUE_ERR_CONFIG' })]);
    expect(problems[0]?.message).toContain(problem);
  });

  test('what earlier clients could set about their queue is taken', () => {
    expect(checkConfig({ queueBlocking: true, queueSize: 5, systemMetricsInterval: 9 })).toEqual({
      config: { queueBlocking: true, queueSize: 5, resourcesMetricsInterval: 9 },
      problems: [],
    });
  });
});

describe('what a run starts with', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a misspelt key', { descripton: 'x' }, 'descripton is not known (did you mean "description"?)'],
    ['a status that no run starts with', { status: 'completed' }, 'status must be one of created, running'],
    ['a folder that is no text', { folder: 5 }, 'folder must be a text, not 5'],
    ['tags that are no list', { tags: 'a' }, 'tags must be a list of texts, not "a"'],
    ['metadata that are no object', { metadata: 'x' }, 'metadata must be an object, not "x"'],
    ['a visibility that is no word', { visibility: 'me' }, 'visibility must be public, tenant, private or'],
  ])('%s is left out and named, the rest is kept', (_, wrong, problem) => {
    const { options, problems } = checkInit({ name: 'a', ...wrong } as InitOptions);
    expect(options).toEqual({ name: 'a' });
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test('metadata without what cannot be sent; what is undefined is not there', () => {
    const metadata = { good: 1, none: undefined, bad: () => 1, deep: { none: undefined, x: 1 } };
    const { options, problems } = checkInit({ metadata } as unknown as InitOptions);
    const { resource } = describeRun(options, 'i');
    const sent = [...resource].filter(([key]) => key.startsWith('simvue.run.metadata.'));
    expect(Object.fromEntries(sent)).toEqual({ 'simvue.run.metadata.good': 1, 'simvue.run.metadata.deep.x': 1 });
    expect(problems).toEqual(['metadata "bad" is of type function, which cannot be sent']);
  });
});

test.each([
  ['window', 'windows', ' (did you mean "window"?)'],
  ['rangeLow', 'range_low', ' (did you mean "rangeLow"?)'],
  ['url', 'uri', ''],
  ['token', 'name', ''],
])('of "%s", "%s" is hinted at as "%s"', (known, name, expected) => {
  expect(hint(name, [known])).toBe(expected);
});
