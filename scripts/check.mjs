// `npm run check`: format, lint and import layers, types of every part, unused code, package metadata, size of the page. Names each step and its time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { bin, root, runNode } from './repository.mjs';

await ensureInstalled();
await ensureBuilt();

const steps = [
  ['biome: format, lint, layers, cycles', ['@biomejs/biome', 'biome'], ['ci', '--error-on-warnings', '.']],
  ['tsc: library, collector, tools', ['typescript', 'tsc'], ['-b', '.', 'collector', 'tsconfig.tools.json']],
  ['tsc: tests', ['typescript', 'tsc'], ['-p', 'test']],
  ...(existsSync(join(root, 'web/tsconfig.json'))
    ? [
        ['svelte-check: page', ['svelte-check', 'svelte-check'], ['--workspace', 'web', '--fail-on-warnings']],
        // Not part of the build: a page that is some bytes too large must not keep anybody from starting it.
        ['size of the page', join(root, 'web/size.mjs'), []],
      ]
    : []),
  ['knip: unused files, exports, dependencies', ['knip', 'knip'], []],
  ['publint: simvue-otel', ['publint', 'publint'], ['--strict', '.']],
  ['publint: simvue-otel-collector', ['publint', 'publint'], ['--strict', 'collector']],
  ['house rules bite', ['vitest', 'vitest'], ['run', '--project', 'unit', 'test/unit/house']],
];

let failures = 0;
for (const [title, program, args] of steps) {
  const start = performance.now();
  const { code, output } = await runNode([Array.isArray(program) ? bin(...program) : program, ...args], {
    quiet: true,
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)\n`);
  if (code !== 0) {
    failures++;
    process.stdout.write(`${output.trim()}\n`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;
