import { expect, test } from 'vitest';
import { proxyFor } from '../../../src/proxies.ts';

const SECURED = 'https://simvue.example.org';
const PLAIN = 'http://simvue.example.org:4318';
const PROXY = 'http://proxy:3128';

test.each([
  [PLAIN, { HTTP_PROXY: PROXY }, 'HTTP_PROXY', PROXY],
  [PLAIN, { HTTPS_PROXY: PROXY }, undefined, undefined],
  [SECURED, { HTTP_PROXY: PROXY }, 'HTTP_PROXY', PROXY],
  [SECURED, { HTTP_PROXY: 'http://other', HTTPS_PROXY: PROXY }, 'HTTPS_PROXY', PROXY],
  [SECURED, { https_proxy: ' proxy:3128 ', HTTPS_PROXY: 'http://other' }, 'https_proxy', PROXY],
  [SECURED, { http_proxy: '', HTTPS_PROXY: 'https://user:secret@proxy' }, 'HTTPS_PROXY', 'https://user:secret@proxy'],
  [PLAIN, { http_proxy: '' }, undefined, undefined],
  [PLAIN, {}, undefined, undefined],
])('%s is reached in %j by the proxy of %s', (url, environment, variable, address) => {
  expect(proxyFor(url, environment)).toEqual(variable === undefined ? undefined : { variable, address });
});

test.each([
  ['*', [PLAIN, SECURED, 'http://10.1.2.3'], []],
  ['example.org', [PLAIN, SECURED, 'http://example.org'], ['http://anexample.org', 'http://example.org.test']],
  ['.example.org', [PLAIN, SECURED, 'http://example.org'], ['http://anexample.org']],
  ['*.Example.org', [PLAIN], ['http://example.com']],
  ['a, example.org:4318', [PLAIN], [SECURED]],
  ['simvue.example.org:443', [SECURED], [PLAIN]],
  [
    '10.0.0.0/8 192.0.2.7',
    ['http://10.1.2.3:4318', 'http://192.0.2.7'],
    ['http://11.0.0.1', 'http://192.0.2.70', PLAIN],
  ],
  ['fd00::/8,[2001:db8::1]:4318', ['http://[fd00::2]', 'http://[2001:db8::1]:4318'], ['http://[2001:db8::1]']],
  ['2001:db8::1', ['http://[2001:db8::1]:4318'], ['http://[2001:db8::2]']],
  ['10.0.0.0/99,10.0.0.0/x,10.0.0.0/7.5,10.0.0.0/-1,nonsense/8', [], ['http://10.0.0.0', PLAIN]],
])('NO_PROXY=%s leaves out %j and not %j', (NO_PROXY, direct, proxied) => {
  for (const url of direct) expect(proxyFor(url, { HTTP_PROXY: PROXY, NO_PROXY }), url).toBeUndefined();
  for (const url of proxied) expect(proxyFor(url, { HTTP_PROXY: PROXY, NO_PROXY }), url).toBeDefined();
});

test('a wrong proxy is named without its password, and does not matter for this machine', () => {
  for (const text of ['nonsense', 'ftp://a:secret@proxy', 'http://', 'a b:3128']) {
    expect(() => proxyFor(SECURED, { HTTP_PROXY: text })).toThrow(/^HTTP_PROXY: (?!.*secret)/);
    for (const url of ['http://127.0.0.1:4318', 'http://localhost', 'http://[::1]:4318']) {
      expect(proxyFor(url, { HTTP_PROXY: text })).toBeUndefined();
    }
  }
});
