import { describe, expect, test } from 'vitest';
import { type EndpointOptions, resolveEndpoints } from '../../../src/endpoints.ts';

const rows: { title: string; options?: EndpointOptions; environment: Record<string, string>; urls: string[] }[] = [
  {
    title: 'nothing given: the local collector',
    environment: {},
    urls: ['http://127.0.0.1:4318/v1/metrics', 'http://127.0.0.1:4318/v1/logs', 'http://127.0.0.1:4318'],
  },
  {
    title: 'SIMVUE_URL, whose trailing /api is cut',
    environment: { SIMVUE_URL: 'https://h/base/api/' },
    urls: ['https://h/base/v1/metrics', 'https://h/base/v1/logs', 'https://h/base'],
  },
  {
    title: 'the old SIMTRACK_URL',
    environment: { SIMTRACK_URL: 'http://h:1' },
    urls: ['http://h:1/v1/metrics', 'http://h:1/v1/logs', 'http://h:1'],
  },
  {
    title: 'OTEL_EXPORTER_OTLP_ENDPOINT alone also serves control',
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' },
    urls: ['http://otel:4318/v1/metrics', 'http://otel:4318/v1/logs', 'http://otel:4318'],
  },
  {
    title: 'OTEL_* is for data, SIMVUE_URL for control',
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', SIMVUE_URL: 'http://page' },
    urls: ['http://otel:4318/v1/metrics', 'http://otel:4318/v1/logs', 'http://page'],
  },
  {
    title: 'an address of one signal is used as it is',
    environment: { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m/in?x=1', SIMVUE_URL: 'http://page' },
    urls: ['http://m/in?x=1', 'http://page/v1/logs', 'http://page'],
  },
  {
    title: 'the argument wins over everything',
    options: { url: 'http://mine/' },
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', SIMVUE_URL: 'http://page' },
    urls: ['http://mine/v1/metrics', 'http://mine/v1/logs', 'http://mine'],
  },
  {
    title: 'an empty variable is none',
    environment: { SIMVUE_URL: ' ' },
    urls: ['http://127.0.0.1:4318/v1/metrics', 'http://127.0.0.1:4318/v1/logs', 'http://127.0.0.1:4318'],
  },
];

test.each(rows)('$title', ({ options = {}, environment, urls }) => {
  const { metrics, logs, control } = resolveEndpoints(options, environment);
  expect([metrics.url, logs.url, control.url]).toEqual(urls);
});

test('headers for the address of OTEL_* do not go to another one that is given', () => {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret',
  };
  expect(resolveEndpoints({ url: 'http://mine', token: 't' }, environment).logs.headers).toEqual({
    authorization: 'Bearer t',
  });
  expect(resolveEndpoints({}, environment).logs.headers).toEqual({ authorization: 'secret' });
  const alone = { OTEL_EXPORTER_OTLP_HEADERS: 'x-team=cfd' };
  expect(resolveEndpoints({ url: 'http://mine' }, alone).logs.headers).toEqual({ 'x-team': 'cfd' });
});

test('the token goes to its own server, not to the address of OTEL_*', () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', SIMVUE_URL: 'http://page', SIMVUE_TOKEN: 't' };
  const { metrics, control } = resolveEndpoints({}, environment);
  expect(metrics.headers).toEqual({});
  expect(control.headers).toEqual({ authorization: 'Bearer t' });
  expect(resolveEndpoints({}, { SIMTRACK_TOKEN: 'old' }).logs.headers).toEqual({ authorization: 'Bearer old' });
});

test('headers, compression and time-out: the signal wins over all signals, the argument over both', () => {
  const { metrics, logs } = resolveEndpoints(
    { headers: { 'X-A': 'argument' } },
    {
      OTEL_EXPORTER_OTLP_HEADERS: 'x-a=all, x-b=a%2Cb ',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-b=metrics',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '100',
    },
  );
  expect(metrics).toMatchObject({ headers: { 'x-a': 'argument', 'x-b': 'metrics' }, gzip: true, timeoutMillis: 5000 });
  expect(logs).toMatchObject({ headers: { 'x-a': 'argument', 'x-b': 'a,b' }, gzip: false, timeoutMillis: 100 });
});

describe('a wrong setting is named', () => {
  test.each([
    ['SIMVUE_URL', 'localhost:4318'],
    ['SIMTRACK_URL', 'not an address'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://x'],
    ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'x'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'novalue'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a=%E0%A4'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zip'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1'],
  ])('%s=%s', (setting, value) => {
    expect(() => resolveEndpoints({}, { [setting]: value })).toThrow(
      expect.objectContaining({ code: 'SIMVUE_ERR_CONFIG', message: expect.stringContaining(setting) }),
    );
  });
});
