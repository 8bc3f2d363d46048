import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../collector/config.ts';

describe('the port of OTLP/gRPC', () => {
  test.each([
    ['is 4317 beside the usual port of OTLP/HTTP', [], 4317],
    ['is none beside another port: a second collector finds 4317 taken', ['--port', '4400'], undefined],
    ['is none behind a Collector, which has 4317', ['--behind-collector'], undefined],
    ['is the one that was given', ['--port', '4400', '--grpc-port', '4401'], 4401],
    ['is none when 0 was given', ['--grpc-port', '0'], undefined],
  ])('%s', (_title, argv, port) => {
    expect(readConfig(argv, {}, '0.0.0')?.grpcPort).toBe(port);
  });
});
