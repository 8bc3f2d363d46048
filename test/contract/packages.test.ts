import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let work: string;

/** Not strict about engines, as npm is by default: a dependency of Fastify's test helper asks for Node 22, and this repository overrides it. */
async function npm(directory: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(
    'npm',
    [...args, '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'],
    { cwd: directory },
  );
  return stdout;
}

async function emptyProject(name: string, ...tarballs: string[]): Promise<string> {
  const directory = mkdtempSync(join(work, `${name}-`));
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  await npm(directory, 'install', '--prefer-offline', ...tarballs.map((tarball) => join(work, tarball)));
  return directory;
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'simvue-packages-'));
  await npm(root, 'pack', '--pack-destination', work);
  await npm(join(root, 'collector'), 'pack', '--pack-destination', work);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const tarball = (start: string): string => readdirSync(work).find((name) => name.startsWith(start)) as string;

test('the library installs alone, brings no server code and logs a run', async () => {
  const project = await emptyProject('client', tarball('simvue-otel-0'));
  for (const name of ['fastify', 'libsql', 'typebox', 'svelte']) {
    expect(existsSync(join(project, 'node_modules', name)), name).toBe(false);
  }
  const program = "import { Run } from 'simvue-otel'; const run = new Run(); console.log(typeof run.logMetrics);";
  const { stdout } = await run('node', ['--input-type=module', '-e', program], { cwd: project });
  expect(stdout.trim()).toBe('function');
  const command = join(project, 'node_modules/.bin/simvue');
  mkdirSync(join(work, 'spool'));
  expect((await run(command, ['sync', join(work, 'spool')])).stdout).toBe('');
  const exporters =
    "import { SimvueMetricExporter } from 'simvue-otel/exporter'; console.log(typeof SimvueMetricExporter);";
  const exported = await run('node', ['--input-type=module', '-e', exporters], { cwd: project });
  expect(exported.stdout.trim()).toBe('function');
  const commonJs = "import { Run } from 'simvue-otel';\nexport const run: Run = new Run();\nconsole.log(run.id);\n";
  writeFileSync(join(project, 'program.cts'), commonJs);
  const tsc = join(root, 'node_modules/.bin/tsc');
  await run(tsc, ['--module', 'node20', '--strict', '--skipLibCheck', 'program.cts'], { cwd: project });
  expect((await run('node', ['program.cjs'], { cwd: project })).stdout.trim()).toBe('undefined');
});

test('both packages install side by side and the collector starts with its page', async () => {
  const project = await emptyProject('service', tarball('simvue-otel-0'), tarball('simvue-otel-collector-0'));
  const installed = join(project, 'node_modules/simvue-otel-collector');
  expect(existsSync(join(installed, 'dist/web/index.html'))).toBe(true);
  expect(existsSync(join(installed, 'node_modules/simvue-otel'))).toBe(false);
  const program = `
    import { createApp } from 'simvue-otel-collector';
    const config = { host: '127.0.0.1', port: 0, dataDirectory: './data', accept: 'any', publicUrl: undefined,
      logLevel: 'silent', maxNewRunsPerMinute: 100, maxBodyBytes: 1 << 20, maxArtifactBytes: 1 << 20,
      exports: [], maxExportQueueBytes: 1 << 20 };
    const app = await createApp(config, { version: 'test', onFatal: (error) => { throw error; } });
    const page = await fetch(app.url);
    console.log(page.status, (await page.text()).includes('<script'));
    await app.close();
  `;
  writeFileSync(join(project, 'program.js'), program);
  const { stdout } = await run('node', ['program.js'], { cwd: project });
  expect(stdout.trim()).toBe('200 true');
});
