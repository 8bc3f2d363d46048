import { expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { expectCoolingBar, LANGUAGES, runExample } from '../support/examples.ts';
import { expectPlate, plateRun, runPlate } from '../support/fortran-plate.ts';
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

test('a Fortran solver under simvue run sends its rows through the Collector, its field and its end to ours', async () => {
  await using collector = await CollectorProcess.start();
  await using otelcol = await startShippedOtelcol(collector.url);
  const { code, residuals } = await runPlate('plate', '1.9', {
    OTEL_EXPORTER_OTLP_ENDPOINT: otelcol.url,
    SIMVUE_URL: collector.url,
  });
  expect(code).toBe(0);
  const run = await plateRun(collector.rest, 'plate');
  expect(run).toMatchObject({ status: 'completed', exit_code: 0 });
  await expectPlate(collector.rest, run.id, residuals);
  expect(await collector.rest.get(`/runs/${run.id}/artifacts`)).toMatchObject([{ name: 'plate.dat' }]);
});
