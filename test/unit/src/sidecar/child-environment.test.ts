import { expect, test } from 'vitest';
import { childEnvironment } from '../../../../src/sidecar/child-environment.ts';

const ID = 'a'.repeat(22);

test('OpenTelemetry and the runs of a command go where its run goes, with the token', () => {
  const settings = { SIMVUE_URL: 'https://h/api', SIMVUE_TOKEN: 't' };
  expect(childEnvironment(ID, {}, { PATH: '/bin', OTEL_RESOURCE_ATTRIBUTES: 'a=b' }, settings)).toEqual({
    PATH: '/bin',
    SIMVUE_URL: 'https://h/api',
    SIMVUE_TOKEN: 't',
    SIMVUE_PARENT_RUN: ID,
    SIMVUE_CONSOLE_LEVEL: 'off',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://h',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20t',
    OTEL_RESOURCE_ATTRIBUTES: `a=b,simvue.run.id=${ID}`,
  });
});

test('an address that is given wins over SIMVUE_URL', () => {
  const environment = { SIMVUE_URL: 'http://old' };
  expect(childEnvironment(ID, { url: 'http://new' }, environment, environment)).toMatchObject({
    SIMVUE_URL: 'http://new',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://new',
  });
});

test.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'])(
  'an SDK that has %s keeps it, without our token',
  (name) => {
    const environment = { [name]: 'http://theirs' };
    const child = childEnvironment(ID, { url: 'http://h' }, environment, { ...environment, SIMVUE_TOKEN: 't' });
    expect(child[name]).toBe('http://theirs');
    expect(Object.keys(child).filter((key) => key.startsWith('OTEL_EXPORTER'))).toEqual([name]);
  },
);
