import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { TestProcess } from '../support/child-process.ts';
import { CollectorProcess } from '../support/collector-process.ts';
import { pythonOf } from '../support/python-environment.ts';
import { inRepository } from '../support/repository.ts';

const BUDGET_SECONDS = 90;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
let python: string;

beforeAll(async () => {
  python = await pythonOf('schemathesis');
});

test('schemathesis finds no server error, and no answer that the OpenAPI document does not describe', async () => {
  await using collector = await CollectorProcess.start({ args: ['--max-new-runs', '1000000'] });
  const directory = await mkdtemp(join(tmpdir(), 'simvue-schemathesis-'));
  // The live stream has no end, and one worker because threads break the parser of Python 3.11.
  const run = new TestProcess(
    python,
    [
      ...['-m', 'schemathesis.cli', 'run', `${collector.url}/api/openapi.json`, '--exclude-path', '/api/live'],
      ...['--checks', CHECKS.join(','), '--continue-on-failure', '--workers', '1', '--seed', '1', '--no-color'],
      ...['--max-examples', '15', '--max-time', String(BUDGET_SECONDS), '--request-timeout', '60', '--warnings', 'off'],
    ],
    { SCHEMATHESIS_HOOKS: 'schemathesis_hooks', PYTHONPATH: inRepository('test/contract/python') },
    directory,
  );
  const { code, stdout, stderr } = await run.exited;
  await rm(directory, { recursive: true });
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(Number(/(\d+) generated/.exec(stdout)?.[1])).toBeGreaterThan(1_000);
}, 180_000);
