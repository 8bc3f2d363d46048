import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exit, TestProcess } from '../../support/child-process.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { startSync } from '../../support/journal-end.ts';
import { inRepository } from '../../support/repository.ts';
import { eventually } from '../../support/rest-reader.ts';

const CLI = inRepository('dist/cli/main.js');
const SOLVER = inRepository('test/integration/sidecar/programs/solver.sh');

let collector: CollectorProcess;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'simvue-sidecar-'));
  collector = await CollectorProcess.start();
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

interface Sidecar {
  readonly process: TestProcess;
  readonly id: string;
}

async function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Sidecar> {
  const directory = await mkdtemp(join(root, 'run-'));
  const command = new TestProcess(
    process.execPath,
    [CLI, 'run', ...args],
    { SIMVUE_URL: collector.url, ...environment },
    directory,
  );
  const [, id = ''] = await command.waitForOutput(/simvue: run ".*" \S*?(\w{22})\b/);
  return { process: command, id };
}

async function execute(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Exit & { id: string }> {
  const { process: command, id } = await start(args, environment);
  return { ...(await command.exited), id };
}

describe.concurrent('simvue run', () => {
  test('a solver that fails: each row once at its step, events in order, files, resource use of its tree, exit code and alert', async () => {
    const { rest } = collector;
    const exit = await execute([
      '--name',
      'solver',
      '--folder',
      '/cfd',
      '--tag',
      'night',
      '--metadata',
      'mesh=fine',
      '--metadata',
      'cells=12',
      '--total-steps',
      '500',
      '--csv',
      'residuals.csv',
      '--step-column',
      'iter',
      '--events',
      'solver.log',
      '--key-value',
      '-',
      '--save',
      'out/**',
      '--code',
      SOLVER,
      '--',
      'sh',
      SOLVER,
      '7',
    ]);
    expect(exit).toMatchObject({ code: 7, signal: null, stdout: 'loss=0.75 step=10\nno end of line' });
    expect(exit.stderr).toContain('WARNING: time step is large\n');
    const run = await rest.run(exit.id);
    expect(run).toMatchObject({ name: 'solver', folder: '/cfd', tags: ['night'], status: 'failed', exit_code: 7 });
    expect(run.total_steps).toBe(500);
    expect(run.metadata).toMatchObject({ mesh: 'fine', cells: 12, command: `sh ${SOLVER} 7` });
    expect(run.alerts.map(({ alert, status }) => [alert.name, status])).toEqual([['exit_status', 'critical']]);
    const values = (await rest.metricValues([exit.id], ['p', 'U', 'loss', 'resources/memory.usage']))[exit.id] ?? {};
    expect(values['U']).toEqual([1, 2, 3].map((step) => ({ step, value: step })));
    expect(values['p']?.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(values['loss']).toEqual([{ step: 10, value: 0.75 }]);
    expect(values['resources/memory.usage']?.length).toBeGreaterThan(0);
    const events = (await rest.events(exit.id)).data.map(({ message, log_level }) => [message, log_level]);
    expect(events).toEqual(
      expect.arrayContaining([
        ['loss=0.75 step=10', 'info'],
        ['WARNING: time step is large', 'warning'],
        ['no end of line', 'info'],
        ['The command has failed with exit code 7.', 'error'],
      ]),
    );
    const log = events.map(([message]) => message).filter((message) => /Time step|FATAL/.test(String(message)));
    expect(log).toEqual(['Time step 1', 'Time step 2', 'FATAL: divergence']);
    const artifacts = await rest.get<{ name: string; category: string }[]>(`/runs/${exit.id}/artifacts`);
    expect(artifacts.map(({ name, category }) => `${category} ${name}`).toSorted()).toEqual([
      expect.stringContaining('code '),
      'output out/a.vtk',
      'output out/deep/b.vtk',
    ]);
  });

  test('a line that is written over counts each time as values, at once, and as the event that stays', async () => {
    const { rest } = collector;
    const bar =
      "printf '\\r1/2 loss=0.5' >&2; sleep 0.1; printf '\\r2/2 loss=0.25' >&2; while [ ! -e $GO ]; do sleep 0.1; done; echo >&2";
    const go = join(root, 'go');
    const { process: command, id } = await start(['--key-value', '-', '--', 'sh', '-c', bar], { GO: go });
    await eventually(
      () => rest.run(id).catch(() => undefined),
      (run) => run?.metrics['loss'] !== undefined,
    );
    await writeFile(go, '');
    expect(await command.exited).toMatchObject({ code: 0 });
    expect((await rest.metricValues([id], ['loss']))[id]?.['loss']?.map(({ value }) => value)).toEqual([0.5, 0.25]);
    expect((await rest.events(id)).data.map(({ message }) => message)).toEqual(['2/2 loss=0.25']);
  });

  test('what the command leaves behind is recorded until a signal; the end is that of the command', async () => {
    const { process: command, id } = await start(['--', 'sh', '-c', '(sleep 30; echo late) & echo main; exit 3']);
    await command.waitForOutput(/what it has started still holds its output/);
    expect(await command.end('SIGTERM')).toMatchObject({ code: 3, stdout: 'main\n' });
    expect(await collector.rest.run(id)).toMatchObject({ status: 'failed', exit_code: 3 });
  });

  test('the first command of a script finds its run', async () => {
    const exit = await execute(['--', process.execPath, CLI, 'log', 'loss=1']);
    expect(exit, exit.stderr).toMatchObject({ code: 0 });
    expect((await collector.rest.run(exit.id)).metrics['loss']).toMatchObject({ last: 1 });
  });

  test.each([
    { signal: 'SIGTERM', status: 'terminated' },
    { signal: 'SIGINT', status: 'terminated' },
  ] as const)('$signal goes to the command, which may end as it likes', async ({ signal }) => {
    const script = `trap 'echo bye; exit 5' TERM INT; echo ready; while :; do sleep 0.05; done`;
    const { process: command, id } = await start(['--', 'sh', '-c', script]);
    await command.waitForOutput(/ready/);
    expect(await command.end(signal)).toMatchObject({ code: 5, signal: null });
    expect(command.stdout).toBe('ready\nbye\n');
    expect(await collector.rest.run(id)).toMatchObject({ status: 'failed', exit_code: 5 });
  });

  test('a command that a signal ends: this process ends by the same signal, the run is terminated', async () => {
    const { process: command, id } = await start(['--', 'sh', '-c', 'echo ready; exec sleep 60']);
    await command.waitForOutput(/ready/);
    expect(await command.end('SIGTERM')).toMatchObject({ code: null, signal: 'SIGTERM' });
    // It had two seconds to send what is left; a slow machine may need more.
    const SIMVUE_OFFLINE_DIRECTORY = process.env['SIMVUE_OFFLINE_DIRECTORY'] ?? '';
    await startSync(['--url', collector.url], { SIMVUE_OFFLINE_DIRECTORY }).exited;
    expect(await collector.rest.run(id)).toMatchObject({ status: 'terminated', exit_signal: 'SIGTERM' });
  });

  test('a command that is killed is a failed run, with the exit code of a shell', async () => {
    const exit = await execute(['--', 'sh', '-c', 'kill -9 $$']);
    expect(exit).toMatchObject({ code: 137, signal: null });
    expect(await collector.rest.run(exit.id)).toMatchObject({ status: 'failed', exit_code: 137 });
  });

  test.each([
    { command: 'no-such-command', code: 127 },
    { command: '/etc', code: 126 },
  ])('$command cannot be started: exit code $code, the run says why', async ({ command, code }) => {
    const exit = await execute(['--', command]);
    expect(exit.code, exit.stderr).toBe(code);
    expect(await collector.rest.run(exit.id)).toMatchObject({ status: 'failed', exit_code: code });
    const messages = (await collector.rest.events(exit.id)).data.map(({ message }) => message);
    expect(messages[0]).toContain('cannot be started');
  });

  test('tracking variables: those of the start, and those that a shell script has exported when it ends', async () => {
    const script = 'echo working; export MAGNUS_TRACK_answer=42.0 MAGNUS_TRACK_spam_STEP_1=hey; (exit 3)';
    const exit = await execute(['--shell', script], { SIMVUE_TRACK_start: '7' });
    expect(exit).toMatchObject({ code: 3, stdout: 'working\n' });
    const run = await collector.rest.run(exit.id);
    expect(run.metrics).toMatchObject({ start: { last: 7, count: 1 }, answer: { last: 42, count: 1 } });
    expect(run.metadata).toMatchObject({ spam_1: 'hey', command: script });
  });

  test('programs of a command join its run: OpenTelemetry by their environment, Node programs with register as members', async () => {
    const program = inRepository('test/integration/register/programs/unchanged.mjs');
    const register = inRepository('dist/register/index.js');
    const exit = await execute(['--', process.execPath, '--import', register, program]);
    expect(exit.stdout).toContain(exit.id);
    const run = await collector.rest.run(exit.id);
    expect(run.status).toBe('completed');
    expect(run.metrics['cells']).toMatchObject({ last: 1000 });
    const printed = (await collector.rest.events(exit.id)).data.filter(
      ({ message }) => message === 'mesh has 1000 cells',
    );
    expect(printed).toHaveLength(1);
  });

  test('an abort ends the command and what it has started; the run is terminated', async () => {
    const { process: command, id } = await start(['--', 'sh', '-c', 'echo ready; sleep 60 & wait']);
    await command.waitForOutput(/ready/);
    const abort = () =>
      fetch(`${collector.url}/api/runs/${id}/abort`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'too slow' }),
      });
    await eventually(abort, ({ status }) => status === 200);
    expect(await command.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(await collector.rest.run(id)).toMatchObject({ status: 'terminated' });
    const messages = (await collector.rest.events(id)).data.map(({ message }) => message);
    expect(messages).toEqual(expect.arrayContaining(['Aborted: too slow', 'The command was ended by SIGTERM.']));
  });

  test('output of any bytes and any size goes on unchanged', async () => {
    const script = "process.stdout.write(Buffer.alloc(3_000_000, '\\xff\\x00a\\n', 'latin1'))";
    const exit = await execute(['--no-output', '--', process.execPath, '-e', script]);
    expect(exit.stdout).toHaveLength(Buffer.alloc(3_000_000, '\xff\x00a\n', 'latin1').toString('utf8').length);
  });

  test('what was asked for and is not there is said, at the terminal and in the run', async () => {
    const exit = await execute(['--csv', 'none.csv', '--key-value', '-', '--save', 'none*', '--', 'echo', 'no values']);
    const problems = [
      'No values were found in none.csv.',
      'No values were found in the output.',
      'No file matches none*.',
    ];
    expect(exit.code).toBe(0);
    expect(exit.stderr.split('\n').slice(1, -1)).toEqual(problems.map((problem) => `simvue: ${problem}`));
    const events = (await collector.rest.events(exit.id)).data.filter(({ log_level }) => log_level === 'error');
    expect(events.map(({ message }) => message)).toEqual(problems);
  });

  test('a reader of the output that goes away ends the command as without us', async () => {
    const pipe = `"$0" "$1" run -q -- yes | head -1; exit "\${PIPESTATUS[0]}"`;
    const exit = await new TestProcess('bash', ['-c', pipe, process.execPath, CLI], { SIMVUE_URL: collector.url })
      .exited;
    expect(exit).toMatchObject({ code: 141, stdout: 'y\n' });
    expect(exit.stderr).not.toContain('EPIPE');
  });

  test.each([
    [[]],
    [['--interval', 'x', '--', 'true']],
    [['--total-steps', '0', '--', 'true']],
    [['--total-steps', 'many', '--', 'true']],
    [['--pattern', 'x', '--', 'true']],
    [['--metadata', 'x', '--', 'true']],
    [['--unknown']],
  ])('wrong options end with 2 and a message: %j', async (args) => {
    const exit = await new TestProcess(process.execPath, [CLI, 'run', ...args]).exited;
    expect(exit).toMatchObject({ code: 2, stdout: '' });
    expect(exit.stderr).not.toBe('');
  });
});
