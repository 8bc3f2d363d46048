import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CollectorProcess } from '../support/collector-process.ts';
import { expectCoolingBar, runExample } from '../support/examples.ts';
import { LoadProcess } from '../support/load/load-process.ts';
import { verifyLoad } from '../support/load/verify-load.ts';
import { freePort } from '../support/otelcol/otelcol-process.ts';
import { startShippedOtelcol } from '../support/otelcol/shipped-otelcol.ts';
import { eventually } from '../support/rest-reader.ts';

test('a load through the Collector, which sends by gRPC and finds us killed -9 under it, is stored exactly once', async () => {
  const grpcPort = await freePort();
  await using collector = await CollectorProcess.start({ args: ['--grpc-port', String(grpcPort)] });
  await using otelcol = await startShippedOtelcol(collector.url, { overrides: byGrpcTo(grpcPort) });
  const load = new LoadProcess(`${otelcol.url}/v1/metrics`, {
    prefix: 'grpc',
    runs: 8,
    metrics: 10,
    steps: 10,
    seconds: 4,
    rate: 40_000,
  });
  await sleep(1500);
  await collector.kill();
  await sleep(500);
  await collector.restart();
  await runExample('go', 'cooling-bar', otelcol.url, 'http/protobuf');
  const report = await load.report();
  expect(report.acknowledgedPoints).toBeGreaterThan(10_000);
  await expectCoolingBar(collector.rest, 'go', 'cooling-bar');
  const verified = await eventually(
    () => verifyLoad(collector.rest, report),
    ({ missing }) => missing === 0,
    60_000,
  );
  expect(verified).toMatchObject({ missing: 0, doubled: 0, wrong: 0, invented: 0 });
});

/** The shipped configuration with the gRPC exporter in the place of the HTTP one; its queue in memory: the Collector is not killed. */
function byGrpcTo(port: number): string[] {
  const exporter = 'exporters::otlp_grpc/simvue';
  return [
    `${exporter}::endpoint: 127.0.0.1:${port}`,
    `${exporter}::tls::insecure: true`,
    `${exporter}::retry_on_failure::initial_interval: 500ms`,
    ...['metrics/simvue', 'logs', 'traces'].map((name) => `service::pipelines::${name}::exporters: [otlp_grpc/simvue]`),
  ];
}
