export { type ArrayEntry, EntryList, type MetricEntry, simvueName } from './simvue/entry-list.ts';
export { type Forwarding, type ForwardingOptions, openForwarding, type StandIn } from './simvue/forwarding.ts';
export { type EventEntry, type EventSource, entryOfEvent } from './simvue/log-entries.ts';
export type { NewRun } from './simvue/remote-runs.ts';
export { SimvueLogRecordExporter } from './simvue/simvue-log-record-exporter.ts';
export { SimvueMetricExporter } from './simvue/simvue-metric-exporter.ts';
export type { SimvueExporterOptions } from './simvue/simvue-server.ts';
