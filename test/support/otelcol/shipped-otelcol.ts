import { inRepository } from '../repository.ts';
import { freePort, OtelcolProcess } from './otelcol-process.ts';

/** Where the Collector of a test differs from the configuration that the repository ships, apart from its ports. */
export interface ShippedOtelcolOptions {
  /** Port of its gRPC receiver; any free one when the test does not send there. */
  readonly grpcPort?: number;
  /** Further settings, as `a::b: value` lines. */
  readonly overrides?: readonly string[];
}

/** A real Collector with the configuration that the repository ships, in front of a collector of ours, on free ports. */
export async function startShippedOtelcol(
  collectorUrl: string,
  { grpcPort, overrides = [] }: ShippedOtelcolOptions = {},
): Promise<OtelcolProcess> {
  return OtelcolProcess.start({
    config: inRepository('otel-collector-config.yaml'),
    environment: { SIMVUE_COLLECTOR_URL: collectorUrl },
    overrides: [
      `receivers::otlp::protocols::grpc::endpoint: 127.0.0.1:${grpcPort ?? (await freePort())}`,
      `extensions::health_check::endpoint: 127.0.0.1:${await freePort()}`,
      `exporters::prometheus::endpoint: 127.0.0.1:${await freePort()}`,
      'service::telemetry::metrics::level: none',
      ...overrides,
    ],
  });
}
