import type { RunStatus } from '../semconv.ts';
import type { TrackedObject } from './tracked-values.ts';

/** Status words of a run log. */
export type RunLogStatus = 'SUCCESS' | 'FAIL' | 'PROCESSING';

/** Version of the code that a step ran. */
export interface CodeIdentity {
  readonly code_identifier: string;
  readonly code_identifier_type: string;
  readonly code_identifier_dependable: boolean;
  readonly code_identifier_url: string;
  readonly code_identifier_message: string;
}

/** One try of a step. */
export interface StepAttempt {
  readonly attempt_number: number;
  /** `YYYY-MM-DD hh:mm:ss.ffffff`. */
  readonly start_time: string;
  readonly end_time: string;
  /** `h:mm:ss.ffffff`. */
  readonly duration: string;
  readonly status: string;
  readonly message: string;
  readonly parameters: TrackedObject;
}

/** A file of the data catalogue. */
export interface CatalogEntry {
  readonly name: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly data_hash: string;
  readonly catalog_relative_path: string;
  readonly catalog_handler_location: string;
  /** `put` = made by the step, `get` = read by it. */
  readonly stage: string;
}

/** A step of a run log. */
export interface StepLog {
  readonly name: string;
  readonly internal_name: string;
  readonly status: string;
  readonly step_type: string;
  readonly message: string;
  readonly mock: boolean;
  readonly code_identities: readonly CodeIdentity[];
  readonly attempts: readonly StepAttempt[];
  readonly user_defined_metrics: TrackedObject;
  readonly branches: TrackedObject;
  readonly data_catalog: readonly CatalogEntry[];
}

/** A run log of Magnus 0.3 (seed 004); what is not named here is kept. */
export interface RunLog {
  readonly run_id: string;
  readonly dag_hash: string;
  readonly use_cached: boolean;
  readonly tag: string;
  readonly original_run_id: string;
  readonly status: string;
  readonly steps: Readonly<Record<string, StepLog>>;
  readonly parameters: TrackedObject;
  readonly run_config: TrackedObject;
}

const STATUS: Readonly<Record<RunStatus, RunLogStatus>> = {
  created: 'PROCESSING',
  running: 'PROCESSING',
  completed: 'SUCCESS',
  failed: 'FAIL',
  terminated: 'FAIL',
  lost: 'FAIL',
};

/** Status of a run log for that of a run. */
export function runLogStatus(status: RunStatus): RunLogStatus {
  return STATUS[status];
}

/** Status of a run for that of a run log; what is not known is `running`. */
export function runStatus(status: string): 'completed' | 'failed' | 'running' {
  if (status === 'SUCCESS') return 'completed';
  return status === 'FAIL' ? 'failed' : 'running';
}

/** Python's text of a time span: `h:mm:ss.ffffff`, days in front. */
export function durationText(nanoseconds: bigint): string {
  const microseconds = nanoseconds / 1000n;
  const part = (unit: bigint, modulo: bigint) => (microseconds / unit) % modulo;
  const two = (value: bigint) => value.toString().padStart(2, '0');
  const days = microseconds / 86_400_000_000n;
  const fraction = microseconds % 1_000_000n;
  const clock = `${part(3_600_000_000n, 24n)}:${two(part(60_000_000n, 60n))}:${two(part(1_000_000n, 60n))}`;
  const prefix = days === 0n ? '' : `${days} day${days === 1n ? '' : 's'}, `;
  return `${prefix}${clock}${fraction === 0n ? '' : `.${fraction.toString().padStart(6, '0')}`}`;
}
