import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CollectorProcess } from '../../support/collector-process.ts';
import { inRepository } from '../../support/repository.ts';

let collector: CollectorProcess;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simvue-commands-'));
  collector = await CollectorProcess.start();
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function simvue(
  args: readonly string[],
  { run, input = '' }: { run?: string; input?: string } = {},
): Promise<Answer> {
  const env = { ...process.env, SIMVUE_URL: collector.url, ...(run === undefined ? {} : { SIMVUE_RUN: run }) };
  const child = spawn(process.execPath, [inRepository('dist/cli/main.js'), ...args], { env, cwd: directory });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

async function succeeds(args: readonly string[], options?: { run?: string; input?: string }): Promise<string> {
  const answer = await simvue(args, options);
  expect(answer.code, `${args.join(' ')}: ${answer.stderr}`).toBe(0);
  return answer.stdout.trimEnd();
}

test('a shell script makes a run, writes everything to it, reads it back and takes it out', async () => {
  const run = await succeeds([
    'create',
    '--name',
    'script',
    '--folder',
    '/shell',
    '--tag',
    'a',
    '--metadata',
    'mesh=fine',
    '--total-steps',
    '40',
  ]);
  expect(run).toMatch(/^\w{22}$/);
  for (const step of ['0', '1', '2']) await succeeds(['log', '--step', step, `loss=0.${step}`, 'nan=NaN'], { run });
  await succeeds(['log', 'free=7'], { run });
  await succeeds(['event', '--level', 'warn', 'mesh', 'refined'], { run });
  await succeeds(['metadata', 'cells=12', 'solver={"name":"x"}'], { run });
  await succeeds(['tags', 'b'], { run });
  await succeeds(['folder', '/shell', '--description', 'from a shell', '--metadata', 'k=v']);
  await writeFile(join(directory, 'a.txt'), 'hello\n');
  expect(await succeeds(['save', '*.txt'], { run })).toBe('1 saved');
  await succeeds(['alert', 'high', '--when', 'loss is above 10', '--window', '2'], { run });
  await succeeds(['alert', 'manual', '--set', 'critical'], { run });
  const alerts = await succeeds(['alert'], { run });
  expect(alerts.split('\n').toSorted()).toEqual(['-\tmetrics\thigh', 'critical\tuser\tmanual']);
  expect(await succeeds(['status'], { run })).toBe('running');

  const shown = JSON.parse(await succeeds(['show', run, '--json']));
  expect(shown).toMatchObject({ name: 'script', folder: '/shell', status: 'running', tags: ['a', 'b'] });
  expect(shown).toMatchObject({ total_steps: 40, progress: { from_step: 0, step: expect.any(Number) } });
  expect(shown.metadata).toMatchObject({ mesh: 'fine', cells: 12, solver: { name: 'x' } });
  expect(shown.metrics).toMatchObject({ loss: { count: 3, last: 0.2 }, nan: { count: 3 }, free: { last: 7 } });
  expect(await succeeds(['show', run])).toMatch(/name +script[\s\S]*METRIC +POINTS[\s\S]*loss +3 +0\.2/);

  expect(await succeeds(['abort', 'too', 'slow'], { run })).toContain('asked to stop');
  await succeeds(['status', 'completed'], { run });
  expect(await succeeds(['abort'], { run })).toContain('ended already');
  expect(await succeeds(['ls', '--filter', 'name == script'])).toMatch(
    new RegExp(`${run} +completed +\\S+ +/shell +script`),
  );
  expect(JSON.parse(await succeeds(['ls', '--json', '--filter', 'name == nobody']))).toEqual([]);

  await succeeds(['export', run, '-o', 'out']);
  expect(await readdir(join(directory, 'out'))).toEqual(
    expect.arrayContaining(['run.json', 'events.jsonl', 'artifacts']),
  );
  expect(await succeeds(['export', run, '--format', 'csv'])).toBe(`Written to ${run}.csv`);
  expect(await readFile(join(directory, `${run}.csv`), 'utf8')).toContain(`${run},loss,`);
  const log = JSON.parse(
    await succeeds(['export', run, '--format', 'magnus']).then((json) => json.replaceAll('NaN', 'null')),
  );
  expect(log.steps.script.user_defined_metrics.loss).toEqual({ 0: 0, 1: 0.1, 2: 0.2 });
}, 180_000);

test("Magnus's run log goes in and out unchanged", async () => {
  const file = inRepository('test/fixtures/magnus/syrupy-jang-1528.json');
  expect(await succeeds(['import', file])).toBe('syrupy-jang-1528');
  const exported = await succeeds(['export', 'syrupy-jang-1528', '--format', 'magnus']);
  expect(JSON.parse(exported)).toEqual(JSON.parse(await readFile(file, 'utf8')));
  expect((await simvue(['import', file])).code).toBe(1);
});

test('monitor logs a table from standard input', async () => {
  const input = 'r  free\n1 20\n2 30\n3 4';
  const answer = JSON.parse(await succeeds(['monitor', '--json', '--name', 'vmstat', '--step-column', 'r'], { input }));
  const values = (await collector.rest.metricValues([answer.id], ['free']))[answer.id]?.['free'];
  expect(values).toEqual([
    { step: 1, value: 20 },
    { step: 2, value: 30 },
    { step: 3, value: 4 },
  ]);
  expect((await collector.rest.run(answer.id)).status).toBe('completed');
});

test('doctor and config say what is right and what is not, and no token', async () => {
  const findings = JSON.parse(await succeeds(['doctor', '--json']));
  expect(findings.map(({ check, ok }: { check: string; ok: boolean }) => [check, ok])).toEqual(
    ['versions', 'configuration', 'address', 'token', 'clock', 'journal'].map((check) => [check, true]),
  );
  const broken = await simvue(['doctor', '--url', 'http://127.0.0.1:9']);
  expect(broken).toMatchObject({ code: 1 });
  expect(broken.stdout).toMatch(/FAIL address .*does not answer/);
  const config = await succeeds(['config', '--url', 'http://example.org/api']);
  expect(config).toContain('http://example.org/v1/metrics');
});

test.concurrent.each([
  { args: ['log', 'x=1'], says: 'SIMVUE_RUN' },
  { args: ['log', '-r', 'x', 'loss=high'], says: '"loss=high" is not name=number' },
  { args: ['log', '-r', 'x', 'loss=1', '--time', 'noon'], says: '--time: "noon" is not a number' },
  { args: ['log', '-r', 'x', '--step', '1.5', 'a=1'], says: '--step' },
  { args: ['event', '-r', 'x', '--level', 'loud', 'm'], says: '"loud" is not a level' },
  { args: ['status', '-r', 'x', 'lost'], says: '"lost" cannot be set' },
  { args: ['alert', '-r', 'x', 'a', '--when', 'loss > 3'], says: 'is not a condition' },
  { args: ['export', 'x', '--format', 'xls'], says: '"xls" is not known' },
  { args: ['completion', 'cmd'], says: '"cmd" is not known' },
])('wrong input of $args ends with 2 and says what to do', async ({ args, says }) => {
  const answer = await simvue(args);
  expect(answer.code).toBe(2);
  expect(answer.stderr).toContain(says);
});

test.concurrent('the program loads neither undici nor OpenTelemetry before a command needs them', async () => {
  const program = pathToFileURL(inRepository('dist/cli/program.js'));
  const script = `import { createRequire } from 'node:module';
    import { createProgram } from '${program}';
    console.log(createProgram().name(), Object.keys(createRequire('${program}').cache).join(' '));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toMatch(/^simvue .*commander/);
  expect(stdout).not.toMatch(/undici|opentelemetry/);
});

test.concurrent('a run that is not there ends with 1; help has examples; completion knows commands and options', async () => {
  const missing = await simvue(['show', 'nobody']);
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toContain('no run has the id');
  expect(await succeeds(['run', '--help'])).toContain('Examples:');
  const script = join(directory, 'completion.sh');
  await writeFile(
    script,
    `${await succeeds(['completion', 'bash'])}\nCOMP_WORDS=(simvue run --st)\nCOMP_CWORD=2\n_simvue\necho "\${COMPREPLY[@]}"\n`,
  );
  const bash = spawn('bash', [script]);
  expect(await text(bash.stdout)).toBe('--step-column\n');
});

test('a run is named by its id or its name; a name of several runs is refused with their ids, one of none makes no run', async () => {
  const [one, first, second] = [
    await succeeds(['create', '--name', 'only one']),
    await succeeds(['create', '--name', 'twice']),
    await succeeds(['create', '--name', 'twice']),
  ];
  await succeeds(['log', '-r', 'only one', 'loss=inf', 'gain=.5']);
  const shown = JSON.parse(await succeeds(['show', 'only one', '--json'])) as { id: string; metrics: object };
  expect(shown).toMatchObject({ id: one, metrics: { loss: { count: 1 }, gain: { last: 0.5 } } });
  const refused = await simvue(['status', '-r', 'twice']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('2 runs have the name "twice"');
  for (const id of [first, second]) expect(refused.stderr).toContain(id);
  const runs = await succeeds(['ls', '--json', '-n', '1000']);
  const unknown = await simvue(['alert', 'diverged', '-r', 'nobody', '--when', 'loss is above 1']);
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('no run the name "nobody"');
  expect(JSON.parse(await succeeds(['ls', '--json', '-n', '1000']))).toHaveLength((JSON.parse(runs) as []).length);
});
