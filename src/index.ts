export type { AlertArguments, AlertBounds, NamedAlert, ShortRule } from './alerts/alert-arguments.ts';
export type {
  AlertAggregation,
  AlertDefinition,
  AlertRule,
  AlertSource,
  AlertWith,
} from './alerts/alert-definition.ts';
export type { AlertStatus } from './alerts/alert-record.ts';
export type { ArtifactCategory, ArtifactProgress } from './artifacts/artifact.ts';
export type { NumberArray } from './artifacts/npy.ts';
export type { SaveOptions } from './artifacts/run-artifacts.ts';
export type { AttributeValue, Metadata, MetadataValue } from './attributes.ts';
export type { EndpointOptions } from './endpoints.ts';
export { type ErrorCode, SimvueError } from './errors.ts';
export type { LogName } from './frame-log.ts';
export type { GridValue } from './grids/number-grid.ts';
export type { Level } from './log-record.ts';
export type { LogMetricsOptions, MetricValue } from './metric-values.ts';
export type { ProgramEnd } from './processes/child-program.ts';
export type { ProcessOptions } from './processes/run-processes.ts';
export { Client, type EventQuery } from './reading/client.ts';
export type { ArtifactValue } from './reading/download.ts';
export type { ValuesQuery } from './reading/metric-values.ts';
export type { PointsQuery } from './reading/point-file.ts';
export type {
  AggregatedValues,
  ArtifactRecord,
  EventRecord,
  FolderRecord,
  MetricValues,
  RunAlertRecord,
  RunQuery,
  RunRecord,
  XAxis,
} from './reading/records.ts';
export type { Rejected } from './rejected-frames.ts';
export { Run } from './run.ts';
export type { RunCounters } from './run-counters.ts';
export type { LogEventOptions } from './run-event.ts';
export type {
  ExporterPair,
  FolderArguments,
  FolderDetails,
  InitArguments,
  InitOptions,
  ReconnectOptions,
  RunConfig,
  RunMode,
} from './run-options.ts';
export type { SettableStatus } from './run-status.ts';
export type { RunStatus } from './semconv.ts';
export type { Timestamp } from './timestamp.ts';
export { type WithRunOptions, withRun } from './with-run.ts';
