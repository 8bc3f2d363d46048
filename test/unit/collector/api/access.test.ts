import { describe, expect, it } from 'vitest';
import { createAccessCheck } from '../../../../collector/api/access.ts';

const check = createAccessCheck({ bindHost: '127.0.0.1' }, false);

describe('Host', () => {
  it.each([
    'localhost',
    'localhost:4318',
    'LOCALHOST:80',
    'localhost.',
    '127.0.0.1:4318',
    '127.8.9.10',
    '[::1]:4318',
    '[::ffff:127.0.0.1]:1',
  ])('%s is this machine', (host) => {
    expect(check('GET', { host })).toBeUndefined();
  });

  it.each([
    ['evil.example', 'a rebound name'],
    ['localhost.evil.example', 'a name that begins like ours'],
    ['127.0.0.1.evil.example', 'a name that begins like our address'],
    ['evil-localhost', 'a name that ends like ours'],
    ['localhost:4318@evil.example', 'user information'],
    ['evil.example:4318#localhost', 'a fragment'],
    ['evil.example/localhost', 'a path'],
    ['127.1', 'a short address that a name server may answer for'],
    ['0x7f.0.0.1', 'a hexadecimal address'],
    ['128.0.0.1', 'another network'],
    ['127.0.0.256', 'not an address'],
    ['0.0.0.0:4318', 'the wildcard address, which some browsers route to this machine'],
    ['[::2]:4318', 'another IPv6 address'],
    ['localhost:4318, evil.example', 'two hosts'],
    [' localhost', 'a space'],
    ['', 'nothing'],
  ])('%j is refused: %s', (host) => {
    expect(check('GET', { host })).toContain('--public-url');
  });

  it('must be there', () => {
    expect(check('GET', {})).toContain('Host ""');
  });

  it('may be the host of the public URL, on any port', () => {
    const open = createAccessCheck({ bindHost: '127.0.0.1', publicUrl: 'https://Runs.example.org/base' }, false);
    expect(open('GET', { host: 'runs.example.org' })).toBeUndefined();
    expect(open('GET', { host: 'runs.example.org:8443' })).toBeUndefined();
    expect(open('GET', { host: 'example.org' })).toBeDefined();
  });

  it('may be the bind address when it names one', () => {
    const host = '10.1.2.3:4318';
    expect(createAccessCheck({ bindHost: '10.1.2.3' }, false)('GET', { host })).toBeUndefined();
    expect(createAccessCheck({ bindHost: '0.0.0.0' }, false)('GET', { host })).toBeDefined();
    expect(createAccessCheck({ bindHost: '0.0.0.0' }, false)('GET', { host: '0.0.0.0' })).toBeDefined();
    expect(createAccessCheck({ bindHost: 'fd00::1' }, false)('GET', { host: '[fd00::1]:4318' })).toBeUndefined();
  });
});

describe('Origin', () => {
  const host = 'localhost:4318';

  it('is not looked at on reads: the browser keeps the answer from other sites', () => {
    expect(check('GET', { host, origin: 'https://evil.example' })).toBeUndefined();
  });

  it('is not needed: programs send none', () => {
    expect(check('POST', { host })).toBeUndefined();
  });

  it('may be this very origin', () => {
    expect(check('DELETE', { host, origin: 'http://localhost:4318' })).toBeUndefined();
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost:9999',
    'http://localhost:4318.evil.example',
    'http://localhost:4318@evil.example',
    'http://evil.example/localhost:4318',
    'file://localhost:4318',
    '',
  ])('%j may not change anything', (origin) => {
    expect(check('DELETE', { host, origin })).toContain('Origin');
    expect(check('POST', { host, origin })).toContain('Origin');
  });

  it('may be the public URL when a proxy changes Host', () => {
    const open = createAccessCheck({ bindHost: '127.0.0.1', publicUrl: 'https://runs.example.org' }, false);
    expect(open('DELETE', { host, origin: 'https://runs.example.org' })).toBeUndefined();
    expect(open('DELETE', { host, origin: 'http://runs.example.org' })).toBeDefined();
  });
});

it.each(['runs.example.org', 'ftp://runs.example.org', ''])(
  'the public URL %j stops the start and says why',
  (publicUrl) => {
    expect(() => createAccessCheck({ bindHost: '127.0.0.1', publicUrl }, false)).toThrow(/--public-url.*not an http/);
  },
);
