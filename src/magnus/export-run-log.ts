import { isDeepStrictEqual } from 'node:util';
import type { MetadataValue } from '../attributes.ts';
import { type ConnectOptions, withControl } from '../control/connect.ts';
import { downloadValue } from '../reading/download.ts';
import type { ArtifactRecord } from '../reading/records.ts';
import { parseTimestamp } from '../time.ts';
import { type RecordedRun, readTracked } from './recorded-run.ts';
import { durationText, type RunLog, runLogStatus, type StepLog } from './run-log.ts';
import { metricsOfStep, parseRunLog, RUN_LOG_ARTIFACT, trackedInLog, withMetrics } from './run-log-steps.ts';
import type { Tracked, TrackedObject } from './tracked-values.ts';
import { userDefinedMetrics } from './user-defined-metrics.ts';

/**
 * Writes a run as a Magnus run log; an imported one keeps what its log said, with the values that the run has now.
 *
 * @param run - id of the run, or what its program called it.
 * @throws `SIMVUE_ERR_NOT_FOUND` when the collector does not know the run.
 * @see Magnus, run log (seed 004)
 */
export async function exportRunLog(run: string, connect: ConnectOptions = {}): Promise<RunLog> {
  return withControl(connect, async (control) => {
    const path = `/runs/${encodeURIComponent(run)}`;
    const recorded = await control.json<RecordedRun>({ method: 'GET', path });
    const artifacts = await control.json<readonly ArtifactRecord[]>({ method: 'GET', path: `${path}/artifacts` });
    const tracked = await readTracked(control, recorded.id);
    const original = artifacts.find(({ name, uploaded }) => uploaded && name === RUN_LOG_ARTIFACT);
    if (original === undefined) return newRunLog(recorded, artifacts, tracked, control.url);
    const content = await downloadValue(control, original);
    return withTracked(parseRunLog(content.kind === 'text' ? content.text : ''), tracked);
  });
}

/** Steps whose values are what they were keep the form in which they were written. */
function withTracked(log: RunLog, tracked: readonly Tracked[]): RunLog {
  const metrics = new Map<StepLog, TrackedObject>();
  for (const { step, prefix, tracked: before } of trackedInLog(log)) {
    const now = metricsOfStep(tracked, prefix);
    if (!isDeepStrictEqual(now, metricsOfStep(before, prefix))) metrics.set(step, now);
  }
  return withMetrics(log, metrics);
}

function newRunLog(
  run: RecordedRun,
  artifacts: readonly ArtifactRecord[],
  tracked: readonly Tracked[],
  location: string,
): RunLog {
  const runId = run.external_id ?? run.id;
  const status = runLogStatus(run.status);
  const tag = run.folder.replace(/^\//, '');
  const step: StepLog = {
    name: run.name,
    internal_name: run.name,
    status,
    step_type: 'task',
    message: '',
    mock: false,
    code_identities: codeIdentities(run.metadata),
    attempts: [attemptOf(run)],
    user_defined_metrics: userDefinedMetrics(tracked),
    branches: {},
    data_catalog: artifacts.map(({ name, category, checksum }) => ({
      name,
      data_hash: checksum,
      catalog_relative_path: `${runId}/${name}`,
      catalog_handler_location: location,
      stage: category === 'output' ? 'put' : 'get',
    })),
  };
  const trackedKeys = new Set(tracked.flatMap(({ key, step }) => [key, `${key}_${step}`]));
  return {
    run_id: runId,
    dag_hash: '',
    use_cached: false,
    tag,
    original_run_id: '',
    status,
    steps: { [run.name]: step },
    parameters: Object.fromEntries(
      Object.entries(run.metadata as TrackedObject).filter(([key]) => !isTracked(key, trackedKeys)),
    ),
    run_config: { tag, run_id: runId, use_cached: false, original_run_id: '', variables: {} },
  };
}

/** Objects are metadata under dotted keys. */
function isTracked(key: string, trackedKeys: ReadonlySet<string>): boolean {
  return trackedKeys.has(key) || [...trackedKeys].some((tracked) => key.startsWith(`${tracked}.`));
}

function attemptOf({ attempt = 1, created, started, endtime, status }: RecordedRun): StepLog['attempts'][number] {
  const [from, to] = [parseTimestamp(started ?? created), parseTimestamp(endtime ?? '')];
  return {
    attempt_number: attempt,
    start_time: (started ?? created).replace('T', ' '),
    end_time: (endtime ?? '').replace('T', ' '),
    duration: from === undefined || to === undefined ? '' : durationText(to - from),
    status: runLogStatus(status),
    message: '',
    parameters: {},
  };
}

function codeIdentities(metadata: Readonly<Record<string, MetadataValue>>): StepLog['code_identities'] {
  const { 'git.ref': revision, 'git.url': url, 'git.dirty': dirty } = metadata;
  if (typeof revision !== 'string') return [];
  return [
    {
      code_identifier: revision,
      code_identifier_type: 'git',
      code_identifier_dependable: dirty !== true,
      code_identifier_url: typeof url === 'string' ? url : '',
      code_identifier_message: dirty === true ? 'changes are not committed' : '',
    },
  ];
}
