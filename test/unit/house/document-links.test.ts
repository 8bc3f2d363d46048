import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS, prose, readDocument } from '../../support/markdown.ts';
import { inRepository } from '../../support/repository.ts';

/** Targets of links and images that are not on another site. */
function localLinks(path: string): string[] {
  const targets = prose(readDocument(path)).matchAll(/\]\(([^)\s]+)\)/g);
  return [...targets].map(([, target]) => target as string).filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of a page as GitHub makes them of its headings. */
function anchors(path: string): Set<string> {
  const headings = prose(readDocument(path)).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(DOCUMENTS)('%s', (path) => {
  test('links to files and headings that are there', () => {
    const broken = localLinks(path).filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(inRepository(target))) return true;
      return anchor !== undefined && !(statSync(inRepository(target)).isFile() && anchors(target).has(anchor));
    });
    expect(broken).toEqual([]);
  });
});

test('every page of docs/ can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const link of localLinks(path)) {
      const target = normalize(join(dirname(path), link.replace(/#.*/, '')));
      if (target.endsWith('.md') && existsSync(inRepository(target))) reached.add(target);
      if (target === 'docs/decisions')
        for (const page of DOCUMENTS.filter((one) => one.startsWith(target))) reached.add(page);
    }
  }
  expect(DOCUMENTS.filter((path) => path.startsWith('docs/') && !reached.has(path))).toEqual([]);
});
