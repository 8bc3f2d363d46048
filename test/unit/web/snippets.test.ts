import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteShell, type RunWish, snippets, WAYS } from '../../../web/src/lib/snippets.ts';

const WISH: RunWish = {
  address: 'http://127.0.0.1:4318',
  token: 'aaa.bbb.ccc',
  name: "O'Neil's run, 1=2",
  folder: '/cfd/pitz Daily',
  tags: ['LES', 'a,b'],
};
const text = (way: (typeof WAYS)[number]['value'], wish = WISH): string =>
  snippets(way, wish)
    .map(({ code }) => code)
    .join('\n');

/** What a POSIX shell makes of these lines. */
const shell = (lines: string): string => execFileSync('sh', ['-c', lines], { encoding: 'utf8' });
/** The resource as an OpenTelemetry SDK reads it from the environment. */
const resource = (variable: string): Record<string, string> =>
  Object.fromEntries(
    variable.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split('=', 2);
      return [key, decodeURIComponent(value)];
    }),
  );

describe('the lines of the new run dialog', () => {
  test('any text survives the quotes of a shell', () => {
    const word = fc
      .string({ unit: 'binary' })
      .filter((candidate) => !candidate.includes('\0') && !/\p{Cs}/u.test(candidate));
    fc.assert(
      fc.property(word, (any) => {
        expect(shell(`printf %s ${quoteShell(any)}`)).toBe(any);
      }),
      { numRuns: 30 },
    );
  });

  test('an SDK reads name, folder and tags from the environment as they were typed', () => {
    const lines = text('environment').replace('./my-solver', 'printf %s "$OTEL_RESOURCE_ATTRIBUTES"');
    expect(resource(shell(lines))).toEqual({
      'simvue.run.name': WISH.name,
      'simvue.run.folder': WISH.folder,
      'simvue.run.tags': 'LES;a,b',
    });
    expect(lines).toContain('OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20aaa.bbb.ccc');
  });

  test('the command line has name, folder and tags as they were typed', () => {
    const lines = text('cli').replace('npx simvue run', "printf '%s\\n'");
    const tags = WISH.tags.flatMap((tag) => ['--tag', tag]);
    expect(shell(lines).trimEnd().split('\n')).toEqual([
      ...['--name', WISH.name, '--folder', WISH.folder, ...tags],
      ...['--key-value', '-', '--', './my-solver'],
    ]);
    expect(text('cli', { ...WISH, token: undefined, name: '', folder: '/', tags: [] })).toBe(
      'export SIMVUE_URL=http://127.0.0.1:4318\nnpx simvue run --key-value - -- ./my-solver',
    );
  });

  test('curl sends one JSON body with the time of now', () => {
    const sent = shell(text('shell').replace('curl ', 'printf "%s\n" '));
    const body = JSON.parse(sent.slice(sent.indexOf('{')));
    const attributes = body.resourceMetrics[0].resource.attributes;
    expect(attributes[0]).toEqual({ key: 'simvue.run.id', value: { stringValue: WISH.name } });
    const nanos = body.resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0].timeUnixNano;
    expect(Math.abs(Number(nanos) / 1e9 - Date.now() / 1000)).toBeLessThan(5);
  });

  test.each(WAYS.map(({ value }) => value))('%s says nothing of a token that is not needed', (way) => {
    const lines = text(way, { ...WISH, token: undefined });
    expect(lines).not.toMatch(/undefined|authorization|SIMVUE_TOKEN/);
  });

  test('a name in a program is a string of it', () => {
    expect(text('typescript')).toContain(`name: ${JSON.stringify(WISH.name)}`);
    expect(text('simvue')).toContain(`name = ${JSON.stringify(WISH.name)}`);
  });
});
