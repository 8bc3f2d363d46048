import { ExportResultCode } from '@opentelemetry/core';
import type { ExporterPair } from '../run-options.ts';
import type { SimvueExporterOptions } from './simvue-server.ts';

/** Our exporters for `transport: 'simvue'`; their code is loaded with the first export. */
export function simvueExporterPair(options: SimvueExporterOptions): ExporterPair {
  const { metrics, logs } = {
    metrics: deferred(async () => new (await import('./simvue-metric-exporter.ts')).SimvueMetricExporter(options)),
    logs: deferred(async () => new (await import('./simvue-log-record-exporter.ts')).SimvueLogRecordExporter(options)),
  };
  return { metrics, logs };
}

interface Exporter<Data> {
  export(data: Data, done: (result: { code: ExportResultCode; error?: Error }) => void): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

function deferred<Data>(load: () => Promise<Exporter<Data>>): Exporter<Data> {
  let loaded: Promise<Exporter<Data>> | undefined;
  return {
    export: (data, done) => {
      loaded ??= load();
      loaded.then(
        (exporter) => exporter.export(data, done),
        (error: Error) => done({ code: ExportResultCode.FAILED, error }),
      );
    },
    forceFlush: async () => (await loaded)?.forceFlush(),
    shutdown: async () => (await loaded)?.shutdown(),
  };
}
