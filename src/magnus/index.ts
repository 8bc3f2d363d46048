export type { ConnectOptions } from '../control/connect.ts';
export { exportRunLog } from './export-run-log.ts';
export { type ImportOptions, importRunLog } from './import-run-log.ts';
export type { CatalogEntry, CodeIdentity, RunLog, StepAttempt, StepLog } from './run-log.ts';
export { getTrackerContext, type TrackOptions, trackEnvironment, trackThis } from './track-this.ts';
export type { TrackedObject, TrackedValue } from './tracked-values.ts';
