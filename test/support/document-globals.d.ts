// What pieces of code in the documents take for granted.
declare const run: import('simvue-otel').Run;
declare const client: import('simvue-otel').Client;
declare const id: string;
declare const url: string;
declare const token: string;
declare function solve(step: number): number;
declare const pino: typeof import('pino').pino;
declare const createLogger: typeof import('winston').createLogger;
declare const LoggerProvider: typeof import('@opentelemetry/sdk-logs').LoggerProvider;
declare const BatchLogRecordProcessor: typeof import('@opentelemetry/sdk-logs').BatchLogRecordProcessor;
declare const PeriodicExportingMetricReader: typeof import('@opentelemetry/sdk-metrics').PeriodicExportingMetricReader;
declare class NodeSDK {
  constructor(configuration: {
    metricReaders: import('@opentelemetry/sdk-metrics').MetricReader[];
    logRecordProcessors: import('@opentelemetry/sdk-logs').LogRecordProcessor[];
  });
}
