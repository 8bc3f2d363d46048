import { expect, test } from 'vitest';
import { proxiesFor } from '../../../src/proxies.ts';

const URL = 'https://simvue.example.org';

test.each([
  [{ HTTP_PROXY: 'http://proxy:3128' }, { httpProxy: 'http://proxy:3128' }],
  [
    { https_proxy: ' proxy.example.org:3128 ', HTTPS_PROXY: 'http://other' },
    { httpsProxy: 'http://proxy.example.org:3128' },
  ],
  [{ http_proxy: '', HTTPS_PROXY: 'https://user:secret@proxy' }, { httpsProxy: 'https://user:secret@proxy' }],
  [{ http_proxy: '' }, undefined],
  [{}, undefined],
])('%j means the proxies %j', (environment, proxies) => {
  expect(proxiesFor(URL, environment)).toEqual(proxies);
});

test('a wrong proxy is named without its password, and does not matter for this machine', () => {
  for (const text of ['nonsense', 'ftp://a:secret@proxy', 'http://', 'a b:3128']) {
    expect(() => proxiesFor(URL, { HTTP_PROXY: text })).toThrow(/^HTTP_PROXY: (?!.*secret)/);
    for (const url of ['http://127.0.0.1:4318', 'http://localhost', 'http://[::1]:4318']) {
      expect(proxiesFor(url, { HTTP_PROXY: text })).toBeUndefined();
    }
  }
});
