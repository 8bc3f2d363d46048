// `node scripts/test.mjs [--setup contract|examples|e2e]… PROJECT… [vitest arguments]`: builds, sets up, runs vitest, and ends with `N passed, N failed`.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './ensure.mjs';
import { bin, fail, root, run, runNode } from './repository.mjs';

const PROJECTS = ['unit', 'integration', 'contract', 'e2e', 'long'];
const args = process.argv.slice(2);
const setups = [];
while (args[0] === '--setup') setups.push(args.splice(0, 2)[1]);
const projects = args.filter((arg) => PROJECTS.includes(arg));
const others = args.filter((arg) => !PROJECTS.includes(arg));

await ensureInstalled();
await ensureBuilt();
for (const setup of setups) {
  const { code } = await run('bash', [join(root, `test/support/setup-${setup}.sh`)]);
  if (code !== 0) fail(`test/support/setup-${setup}.sh failed.`);
}

const report = join(root, `.cache/vitest-${projects.join('-') || 'all'}.json`);
mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(report, { force: true });
const { code } = await runNode([
  bin('vitest', 'vitest'),
  'run',
  ...projects.flatMap((name) => ['--project', name === 'e2e' || name === 'integration' ? `${name}*` : name]),
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...others,
]);

const { passed, failed, skipped } = readTotals(report, code);
const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
// A caller that adds up several runs asks for the line in a file, so that its own is the only one of its form.
const totals = process.env.SIMVUE_TEST_TOTALS;
if (totals === undefined) process.stdout.write(`${line}\n`);
else appendFileSync(totals, `${line}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** Counts a file that did not load, an error outside of a test and a run without any test as failures. */
function readTotals(path, exitCode) {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(path, 'utf8'));
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failures = result.numFailedTests + broken;
  const nothing = result.numPassedTests === 0;
  return {
    passed: result.numPassedTests,
    failed: failures === 0 && (exitCode !== 0 || nothing) ? 1 : failures,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}
