import { join, relative } from 'node:path';
import { type ConnectOptions, given, withControl } from '../control/connect.ts';
import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import { Run } from '../run.ts';
import { mendRunName } from '../run-name.ts';
import { formatTimestamp, parseTimestamp } from '../time.ts';
import { type CodeIdentity, type RunLog, runStatus } from './run-log.ts';
import { parseRunLog, RUN_LOG_ARTIFACT, stepsOf, trackedInLog } from './run-log-steps.ts';
import { recordTracked } from './track-this.ts';

/** Where the run goes, and where the files of its log are. */
export interface ImportOptions extends ConnectOptions {
  /** Directory of the data catalogue: its files become artifacts of the run. Default: only the log is kept. */
  readonly catalogDirectory?: string | undefined;
}

/**
 * Makes a run of a Magnus run log: id and name from `run_id`, folder from the tag, times from the attempts, what was tracked as metrics and
 * metadata, the log itself as an artifact.
 *
 * @returns the run's `run_id`.
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` when the text is not a run log, `SIMVUE_ERR_CONFLICT` when there is a run with its id.
 * @see Magnus, run log (seed 004)
 */
export async function importRunLog(
  text: string,
  { catalogDirectory, ...connect }: ImportOptions = {},
): Promise<string> {
  const log = parseRunLog(text);
  return withControl(connect, async (control) => {
    await refuseExisting(control, log.run_id);
    const run = new Run({ ...given(connect), suppressErrors: false, disableResourcesMetrics: true });
    const folder = log.tag ? `/${log.tag}` : '/';
    await run.init({ id: log.run_id, name: mendRunName(log.run_id), folder, metadata: describe(log) });
    for (const { step, tracked } of trackedInLog(log)) recordTracked(run, tracked, endOf(step.attempts));
    await run.saveObject(text, 'input', { name: RUN_LOG_ARTIFACT, fileType: 'text/plain; charset=utf-8' });
    if (catalogDirectory !== undefined) await saveCatalog(run, log, catalogDirectory);
    const status = runStatus(log.status);
    if (status !== 'running') run.setStatus(status);
    await run.close();
    await setTimes(control, log);
    return log.run_id;
  });
}

async function refuseExisting(control: ControlClient, runId: string): Promise<void> {
  try {
    await control.json({ method: 'GET', path: `/runs/${encodeURIComponent(runId)}` });
  } catch (error) {
    if (error instanceof SimvueError && error.code === 'SIMVUE_ERR_NOT_FOUND') return;
    throw error;
  }
  throw new SimvueError('SIMVUE_ERR_CONFLICT', `there is a run ${runId} already: delete it first`);
}

function describe(log: RunLog): Record<string, string | boolean | number> {
  const identity: Partial<CodeIdentity> = stepsOf(log.steps).flatMap((step) => step.code_identities ?? [])[0] ?? {};
  const attempts = stepsOf(log.steps).map((step) => (step.attempts ?? []).length);
  const described = {
    'magnus.dag_hash': log.dag_hash,
    'magnus.tag': log.tag,
    'magnus.original_run_id': log.original_run_id,
    'magnus.use_cached': log.use_cached,
    'magnus.attempts': Math.max(1, ...attempts),
    'git.ref': identity.code_identifier,
    'git.url': identity.code_identifier_url,
    'git.dirty': identity.code_identifier_dependable === undefined ? undefined : !identity.code_identifier_dependable,
  };
  const isSaid = (entry: [string, unknown]): entry is [string, string | boolean | number] =>
    entry[1] !== undefined && entry[1] !== '';
  return Object.fromEntries(Object.entries(described).filter(isSaid));
}

async function saveCatalog(run: Run, log: RunLog, directory: string): Promise<void> {
  for (const entry of stepsOf(log.steps).flatMap((step) => step.data_catalog ?? [])) {
    const path = join(directory, entry.catalog_relative_path);
    if (relative(directory, path).startsWith('..')) {
      throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `${entry.catalog_relative_path} is not in ${directory}`);
    }
    await run.saveFile(path, entry.stage === 'get' ? 'input' : 'output', { name: entry.name });
  }
}

/** The run lasted from the first attempt to the last, not while it was imported. */
async function setTimes(control: ControlClient, log: RunLog): Promise<void> {
  const attempts = stepsOf(log.steps).flatMap((step) => step.attempts ?? []);
  const [started] = timestamps(attempts.map(({ start_time }) => start_time));
  const endtime = timestamps(attempts.map(({ end_time }) => end_time)).at(-1);
  if (started === undefined || endtime === undefined) return;
  const path = `/runs/${encodeURIComponent(log.run_id)}`;
  await control.json({ method: 'PUT', path, json: { started, endtime } });
}

/** In the form of the REST API, ascending; what is not a time is left out. */
function timestamps(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => parseTimestamp(text ?? '') ?? [])
    .map(formatTimestamp)
    .toSorted();
}

function endOf(attempts: RunLog['steps'][string]['attempts']): bigint | undefined {
  return parseTimestamp(attempts?.at(-1)?.end_time ?? '');
}
