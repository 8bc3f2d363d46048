import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inRepository } from '../../support/repository.ts';

interface Violation {
  readonly title: string;
  readonly file: string;
  readonly imports: string;
}

/** Each layer rule of biome.json, broken once. */
const LAYERS: readonly Violation[] = [
  { title: 'the library imports the collector', file: 'src/planted-1.ts', imports: '../collector/app.ts' },
  { title: 'the library imports a server package', file: 'src/planted-2.ts', imports: 'fastify' },
  { title: 'the library imports its own barrel', file: 'src/planted-3.ts', imports: './index.ts' },
  { title: 'the library imports a test', file: 'src/planted-4.ts', imports: '../test/support/repository.ts' },
  { title: 'semconv imports a neighbour', file: 'src/semconv.ts', imports: './errors.ts' },
  { title: 'errors imports OpenTelemetry', file: 'src/errors.ts', imports: '@opentelemetry/core' },
  {
    title: 'the receiver imports the store',
    file: 'collector/receiver/planted-1.ts',
    imports: '../store/catalog-store.ts',
  },
  { title: 'the receiver imports the API', file: 'collector/receiver/planted-2.ts', imports: '../api/server.ts' },
  {
    title: 'the pipeline imports the receiver',
    file: 'collector/pipeline/planted-1.ts',
    imports: '../receiver/limits.ts',
  },
  {
    title: 'the pipeline imports sources of the library',
    file: 'collector/pipeline/planted-2.ts',
    imports: '../../src/run.ts',
  },
  {
    title: 'the pipeline imports a concrete store',
    file: 'collector/pipeline/planted-3.ts',
    imports: '../store/sqlite-catalog-store.ts',
  },
  {
    title: 'the API imports a concrete store',
    file: 'collector/api/planted-2.ts',
    imports: '../store/sqlite-catalog-store.ts',
  },
  { title: 'the store imports the receiver', file: 'collector/store/planted-1.ts', imports: '../receiver/limits.ts' },
  { title: 'the store imports the API', file: 'collector/store/planted-2.ts', imports: '../api/server.ts' },
  { title: 'the alerts import the store', file: 'collector/alert/planted-1.ts', imports: '../store/catalog-store.ts' },
  { title: 'the alerts touch the machine', file: 'collector/alert/planted-2.ts', imports: 'node:fs' },
  { title: 'the API imports the receiver', file: 'collector/api/planted-1.ts', imports: '../receiver/limits.ts' },
  { title: 'the contract imports the API', file: 'collector/api/contract/planted-1.ts', imports: '../server.ts' },
  { title: 'the contract imports the framework', file: 'collector/api/contract/planted-2.ts', imports: 'fastify' },
  { title: 'anything imports the composition root', file: 'collector/store/planted-3.ts', imports: '../app.ts' },
  {
    title: 'the page imports the store',
    file: 'web/src/planted-1.ts',
    imports: '../../collector/store/catalog-store.ts',
  },
  { title: 'the page imports the library', file: 'web/src/planted-2.ts', imports: 'simvue-otel/semconv' },
];

/** What is allowed, so that a rule which forbids everything fails too. */
const ALLOWED: readonly Violation[] = [
  {
    title: 'the receiver imports the pipeline',
    file: 'collector/receiver/allowed.ts',
    imports: '../pipeline/staging.ts',
  },
  {
    title: 'the pipeline imports a port of the store',
    file: 'collector/pipeline/allowed-2.ts',
    imports: '../store/telemetry-store.ts',
  },
  {
    title: 'the collector imports the wire names',
    file: 'collector/pipeline/allowed.ts',
    imports: 'simvue-otel/semconv',
  },
  {
    title: 'the API imports a port of the store',
    file: 'collector/api/allowed.ts',
    imports: '../store/catalog-store.ts',
  },
  {
    title: 'the page imports the contract',
    file: 'web/src/allowed.ts',
    imports: '../../collector/api/contract/run.ts',
  },
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string | { readonly file: string } };
}

describe('biome.json enforces the layers of the architecture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simvue-layers-'));
  let diagnostics: readonly Diagnostic[] = [];

  beforeAll(() => {
    for (const name of ['biome.json', '.gitignore']) cpSync(inRepository(name), join(folder, name));
    for (const { file, imports } of [...LAYERS, ...ALLOWED])
      plant(file, `import type { X } from '${imports}';\nexport type Y = X;\n`);
    plant(
      'collector/pipeline/cycle-a.ts',
      "import type { B } from './cycle-b.ts';\nexport interface A {\n  readonly b?: B;\n}\n",
    );
    plant(
      'collector/pipeline/cycle-b.ts',
      "import type { A } from './cycle-a.ts';\nexport interface B {\n  readonly a?: A;\n}\n",
    );
    diagnostics = lint();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(LAYERS)('refuses that $title', ({ file }) => {
    expect(categoriesOf(file)).toContain('lint/style/noRestrictedImports');
  });

  test.each(ALLOWED)('allows that $title', ({ file }) => {
    expect(categoriesOf(file)).not.toContain('lint/style/noRestrictedImports');
  });

  test('refuses a cycle of type imports', () => {
    expect(categoriesOf('collector/pipeline/cycle-a.ts')).toContain('lint/suspicious/noImportCycles');
  });

  function plant(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  function lint(): readonly Diagnostic[] {
    const biome = inRepository('node_modules/@biomejs/biome/bin/biome');
    const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return (JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] }).diagnostics;
  }

  function categoriesOf(file: string): readonly string[] {
    return diagnostics
      .filter(({ location: { path } }) => (typeof path === 'string' ? path : path.file) === file)
      .map(({ category }) => category);
  }
});
