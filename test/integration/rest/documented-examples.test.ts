import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestProcess } from '../../support/child-process.ts';
import { TestCollector } from '../../support/collector-app.ts';
import { inRepository } from '../../support/repository.ts';

const text = readFileSync(inRepository('docs/rest-api.md'), 'utf8');
const MARK = '#####';

describe('docs/rest-api.md', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await TestCollector.start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());

  it('has examples that work, one after the other', async () => {
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block as string);
    expect(blocks.length).toBeGreaterThan(8);
    const script = ['set -euo pipefail', ...blocks.map((block, index) => `${block}\necho '${MARK} ${index}'`)].join(
      '\n',
    );
    const run = new TestProcess('bash', ['-c', script], { SIMVUE_URL: collector.url }, inRepository('.'));
    const { code, stdout, stderr } = await run.exited;
    expect(code, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).toContain(`${MARK} ${blocks.length - 1}`);

    for (const answered of [
      '"mesh":{"cells":120000,"kind":"hex"}',
      '"reason":"diverged"',
      '"count":1,"data":[{"id"',
      '[{"step":1,"value":0.25}]',
      '["loss","forces/lift"]',
      '"message":"mesh refined"',
      '{"status":null}',
      '"category":"output"',
    ])
      expect(stdout).toContain(answered);
  });

  it('lists every route, with the words of the OpenAPI document', async () => {
    const { paths } = (await collector.ask('GET', '/openapi.json')).json as {
      paths: Record<string, Record<string, { summary: string }>>;
    };
    const routes = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { summary }]) => `\`${method.toUpperCase()} ${path}\` | ${summary} |`),
    );
    const listed = [...text.matchAll(/^\| \w+ \| (`[A-Z]+ \/.*)$/gm)].map(([, row]) => row as string);
    expect(listed.sort()).toEqual(routes.sort());
  });
});
