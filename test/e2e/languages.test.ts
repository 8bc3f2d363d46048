import { test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { expectCoolingBar, LANGUAGES, runExample } from '../support/examples.ts';
import { freePort } from '../support/otelcol/otelcol-process.ts';
import { startShippedOtelcol } from '../support/otelcol/shipped-otelcol.ts';

test('stock SDKs of several languages, by HTTP and gRPC through the Collector, make a run each and lose nothing', async () => {
  await using collector = await CollectorProcess.start();
  const grpcPort = await freePort();
  await using otelcol = await startShippedOtelcol(collector.url, { grpcPort });
  for (const language of LANGUAGES) {
    await runExample(language, `${language}-http`, otelcol.url, 'http/protobuf');
    await runExample(language, `${language}-grpc`, `http://127.0.0.1:${grpcPort}`, 'grpc');
  }
  for (const language of LANGUAGES) {
    await expectCoolingBar(collector.rest, language, `${language}-http`);
    await expectCoolingBar(collector.rest, language, `${language}-grpc`);
  }
});
