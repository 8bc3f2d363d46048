export { SimvueLogRecordExporter } from './simvue/simvue-log-record-exporter.ts';
export { SimvueMetricExporter } from './simvue/simvue-metric-exporter.ts';
export type { SimvueExporterOptions } from './simvue/simvue-server.ts';
