import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../../src/errors.ts';
import * as semconv from '../../../src/semconv.ts';
import { inRepository } from '../../support/repository.ts';

const document = (name: string): string => readFileSync(inRepository('docs', name), 'utf8');
const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

/** Every string of the module, however deep: values of constants, not their names. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe('the documents say what the code does', () => {
  test('docs/errors.md lists the codes of src/errors.ts, in their order', () => {
    const listed = [...document('errors.md').matchAll(/^\| `(SIMVUE_ERR_\w+)` +\|/gm)].map((match) => match[1]);
    expect(listed).toEqual([...ERROR_CODES]);
  });

  test('docs/semantic-conventions.md has every name of src/semconv.ts', () => {
    const documented = new Set(quoted(document('semantic-conventions.md')));
    expect(strings({ ...semconv }).filter((name) => !documented.has(name))).toEqual([]);
  });

  test('docs/semantic-conventions.md has no simvue name that src/semconv.ts does not', () => {
    const known = new Set(strings({ ...semconv }));
    const documented = quoted(document('semantic-conventions.md')).filter((name) =>
      /^(simvue\.|resources\/)/.test(name),
    );
    expect(documented.filter((name) => !known.has(name) && !name.endsWith('<key>'))).toEqual([]);
  });
});
