import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exit, TestProcess } from '../../support/child-process.ts';
import { CollectorProcess, runCollectorCommand } from '../../support/collector-process.ts';
import { repositoryRoot } from '../../support/repository.ts';

describe.concurrent('the collector refuses wrong settings with one line and exit code 2', () => {
  let folder: string;
  let foreign: Server;
  let foreignPort: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simvue-cli-'));
    await writeFile(join(folder, 'file'), '');
    foreign = createServer();
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    foreignPort = (foreign.address() as { port: number }).port;
  });

  afterAll(async () => {
    await new Promise((resolve) => foreign.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  test('a port that another program listens on: names --port, the number and --behind-collector', async () => {
    const exit = await runCollectorCommand(['--port', String(foreignPort), '--data', join(folder, 'data-1')]);
    expectOneLine(exit, '--port', String(foreignPort), '--behind-collector');
  });

  test('a port for gRPC that another program listens on: names --grpc-port, the number and how to do without', async () => {
    const ports = ['--port', '0', '--grpc-port', String(foreignPort)];
    const exit = await runCollectorCommand([...ports, '--data', join(folder, 'data-2')]);
    expectOneLine(exit, '--grpc-port', String(foreignPort), '0 to do without');
  });

  test('a data directory that cannot be made: names --data and the path', async () => {
    const path = join(folder, 'file', 'data');
    expectOneLine(await runCollectorCommand(['--port', '0', '--data', path]), '--data', path);
  });

  test('a data directory that another collector uses: names --data and the path', async () => {
    await using first = await CollectorProcess.start();
    const exit = await runCollectorCommand(['--port', '0', '--data', first.dataDirectory]);
    expectOneLine(exit, '--data', first.dataDirectory);
  });

  test.each([
    { title: 'an unknown option', args: ['--prot', '4318'], named: '--prot' },
    { title: 'a port that is no number', args: ['--port', 'http'], named: '--port' },
    { title: 'a port out of range', args: ['--port', '65536'], named: '--port' },
    { title: 'an unknown choice of --accept', args: ['--accept', 'all'], named: '--accept' },
    { title: 'an address that no interface has', args: ['--host', '256.0.0.1'], named: '--host' },
    { title: 'a link base that is no URL', args: ['--public-url', 'nonsense'], named: '--public-url' },
    { title: 'an argument that is no option', args: ['serve'], named: 'argument' },
  ])('$title: names $named', async ({ title, args, named }) => {
    const exit = await runCollectorCommand(['--port', '0', '--data', join(folder, title), ...args]);
    expectOneLine(exit, named);
  });
});

const PROGRAM = `
  import { Run } from 'simvue-otel';
  try {
    const run = new Run();
    run.config({ suppressErrors: false });
    await run.init({ name: 'bad-url' });
  } catch (error) {
    console.error(error.code + ' ' + error.message);
  }`;

test('a program with a bad SIMVUE_URL is told so in one line that names the setting', async () => {
  const environment = { SIMVUE_URL: 'not a url', OTEL_EXPORTER_OTLP_ENDPOINT: undefined };
  const program = new TestProcess(
    process.execPath,
    ['--input-type=module', '-e', PROGRAM],
    environment,
    repositoryRoot,
  );
  const { stderr } = await program.exited;
  expect(stderr.trim()).toMatch(/^SIMVUE_ERR_CONFIG .*SIMVUE_URL.*$/);
});

function expectOneLine({ code, stderr, stdout }: Exit, ...named: readonly string[]): void {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const part of named) expect(stderr).toContain(part);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}
