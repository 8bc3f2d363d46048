import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONFIG_FILES } from '../../../src/config/config-file.ts';
import { CONFIG_SETTINGS, RUN_SETTINGS, SERVER_SETTINGS } from '../../../src/config/settings.ts';

const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const quoted = (text: string | undefined) => [...(text ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
/** Rows of the tables of settings, whose first cell is an argument. */
const rows = [...page.matchAll(/^\| `([a-zA-Z]+)` \|([^|]*)\|([^|]*)\|/gm)];

test('docs/configuration.md has every setting under all its names, and no other', () => {
  const documented = rows.map(([, option, variables, keys]) => [option, quoted(variables), quoted(keys)]);
  const settings = [...SERVER_SETTINGS, ...CONFIG_SETTINGS, ...RUN_SETTINGS];
  const expected = settings.map(({ option, variables, keys }) => [option, [...variables], [...keys]]);
  const byOption = (a: unknown[], b: unknown[]) => String(a[0]).localeCompare(String(b[0]));
  expect(documented.toSorted(byOption)).toEqual(expected.toSorted(byOption));
});

test('docs/configuration.md names the files in the order in which they are looked for', () => {
  const paragraph = /^The first of (.*) in the working directory/m.exec(page)?.[1];
  expect(quoted(paragraph)).toEqual([...CONFIG_FILES]);
});
