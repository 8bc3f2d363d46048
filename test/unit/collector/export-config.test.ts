import { expect, test } from 'vitest';
import { readExports } from '../../../collector/export-config.ts';

test('each target has the token of its file, else that of the environment', () => {
  const values = ['simvue=https://a.example/sub/api/', 'simvue=http://b.example,token-file=/etc/token,deletions=yes'];
  expect(readExports(values, { SIMVUE_EXPORT_TOKEN: 'secret' })).toEqual([
    { url: 'https://a.example/sub', token: 'secret', tokenFile: undefined, deletions: false },
    { url: 'http://b.example', token: undefined, tokenFile: '/etc/token', deletions: true },
  ]);
  expect(readExports([], {})).toEqual([]);
});

test.each([
  ['no address', ['simvue=']],
  ['no Simvue server', ['otlp=http://a.example']],
  ['an address that is not http', ['simvue=ftp://a.example']],
  ['a setting that is not known', ['simvue=http://a.example,token=x']],
  ['deletions that are neither wanted nor not', ['simvue=http://a.example,deletions=maybe']],
  ['the same server twice', ['simvue=http://a.example', 'simvue=http://a.example/api']],
  ['credentials in the address, which it does not repeat', ['simvue=http://user:secret@a.example']],
])('%s stops the collector with the flag’s name', (_title, values) => {
  expect(() => readExports(values, {})).toThrow(/^--export(?!.*secret)/);
});
