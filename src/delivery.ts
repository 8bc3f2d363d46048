import { createOtlpNetworkExportDelegate, ExporterMetrics } from '@opentelemetry/otlp-exporter-base';
import type { DeliveryAnswer } from './delivery-answer.ts';
import type { Endpoint } from './endpoints.ts';
import { errorText } from './errors.ts';
import type { Signal } from './frame-log.ts';
import { type PartialSuccess, readExportResponse } from './otlp-response.ts';
import { DeliveryError, UndiciTransport } from './undici-transport.ts';

/** One way to a server: takes request bodies, says what became of them. */
export interface Delivery {
  post(body: Buffer): Promise<DeliveryAnswer>;
  /** Ends the request that is under way. */
  abort(): void;
  shutdown(): void;
}

/** The sender has one request under way; the delegate counts it until a moment after its answer. */
const CONCURRENCY_LIMIT = 4;
const ITEM_NAMES = { metrics: 'metric_data_point', logs: 'log' } as const;

/**
 * Delivers encoded requests through OpenTelemetry's export delegate, with a serializer that passes our bytes on.
 *
 * @param onPartialSuccess - called for each accepted request of which the server refused a part or about which it warns.
 */
export function createOtlpDelivery(
  signal: Signal,
  endpoint: Endpoint,
  onPartialSuccess: (partial: PartialSuccess) => void,
): Delivery {
  const transport = new UndiciTransport(endpoint);
  const serializer = {
    serializeRequest: (body: Buffer) => body,
    deserializeResponse: (answer: Uint8Array) => {
      const partial = readExportResponse(answer);
      if (partial === undefined) return {};
      onPartialSuccess(partial);
      return { partialSuccess: { errorMessage: partial.message } };
    },
  };
  const metrics = new ExporterMetrics<Buffer>({
    componentType: `otlp_http_${signal}_exporter`,
    metricsHelper: { name: ITEM_NAMES[signal], countItems: () => 1 },
    url: endpoint.url,
    meterProvider: undefined,
    responseAttributesFromError: () => ({}),
  });
  const options = {
    timeoutMillis: endpoint.timeoutMillis,
    concurrencyLimit: CONCURRENCY_LIMIT,
    compression: 'none' as const,
  };
  const delegate = createOtlpNetworkExportDelegate(options, serializer, metrics, transport);
  return {
    post: (body) => new Promise((resolve) => delegate.export(body, ({ error }) => resolve(answerOf(error)))),
    abort: () => transport.abort(),
    shutdown: () => transport.shutdown(),
  };
}

function answerOf(error: Error | undefined): DeliveryAnswer {
  if (error === undefined) return { kind: 'accepted' };
  return error instanceof DeliveryError ? error.answer : { kind: 'retry', reason: errorText(error) };
}
