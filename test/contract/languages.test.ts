import { describe, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { expectCoolingBar, LANGUAGES, type OtlpProtocol, runExample } from '../support/examples.ts';
import { freePort } from '../support/otelcol/otelcol-process.ts';

const PROTOCOLS: readonly OtlpProtocol[] = ['http/protobuf', 'grpc'];

describe.each(LANGUAGES)('the stock SDK in %s', (language) => {
  test.each(PROTOCOLS)(
    'makes a run of all its values, events and spans, by OTEL_* variables alone (%s)',
    async (protocol) => {
      const grpcPort = await freePort();
      await using collector = await CollectorProcess.start({ args: ['--grpc-port', String(grpcPort)] });
      const endpoint = protocol === 'grpc' ? `http://127.0.0.1:${grpcPort}` : collector.url;
      await runExample(language, 'cooling-bar', endpoint, protocol);
      await expectCoolingBar(collector.rest, language, 'cooling-bar');
    },
  );
});
