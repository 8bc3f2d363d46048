export { ControlClient } from './control/control-client.ts';
export { EntryList, type MetricEntry, simvueName } from './simvue/entry-list.ts';
export { type EventEntry, entryOfEvent } from './simvue/log-entries.ts';
export { ensureFolder, type RemoteRun } from './simvue/remote-run.ts';
export { type NewRun, RemoteRuns } from './simvue/remote-runs.ts';
export { SimvueLogRecordExporter } from './simvue/simvue-log-record-exporter.ts';
export { SimvueMetricExporter } from './simvue/simvue-metric-exporter.ts';
export type { SimvueExporterOptions } from './simvue/simvue-server.ts';
