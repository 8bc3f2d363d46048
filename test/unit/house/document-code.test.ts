import { expect, test } from 'vitest';
import { codeBlocks, DOCUMENTS, readDocument } from '../../support/markdown.ts';
import { callsAsProgram, MIGRATION_PAGES } from '../../support/migration-pages.ts';
import { typeErrors } from '../../support/typescript-snippets.ts';

test('every piece of TypeScript in the documents, and every table of calls, compiles in a strict program of a user', () => {
  const snippets = DOCUMENTS.flatMap((path) =>
    codeBlocks(readDocument(path), 'ts').map((code, index) => [`${path}-${index}`, code] as const),
  );
  const programs = MIGRATION_PAGES.map((page) => [`calls-of-${page}`, callsAsProgram(page)] as const);
  expect(snippets.length).toBeGreaterThan(10);
  expect(typeErrors(new Map([...snippets, ...programs]))).toEqual([]);
});
