import type { ControlClient } from '../control/control-client.ts';
import { parsePythonJson } from '../python-json.ts';
import { readMetricValues } from '../reading/metric-values.ts';
import type { RunRecord } from '../reading/records.ts';
import { MAGNUS } from '../semconv.ts';
import type { Tracked, TrackedValue } from './tracked-values.ts';

/** A run as our collector describes it. */
export interface RecordedRun extends RunRecord {
  readonly external_id?: string | null;
}

interface RecordedEvent {
  readonly attributes: Readonly<Record<string, unknown>>;
}

const EVENTS_PER_PAGE = 10_000;
const RESOURCES_PREFIX = 'resources/';

/** What was tracked in a run: its metrics without resource use, then what is not a number. */
export async function readTracked(control: ControlClient, runId: string): Promise<Tracked[]> {
  return [...(await readMetrics(control, runId)), ...(await readTrackedEvents(control, runId))];
}

async function readMetrics(control: ControlClient, runId: string): Promise<Tracked[]> {
  const query = { runs: JSON.stringify([runId]) };
  const names = await control.json<readonly string[]>({ method: 'GET', path: '/metrics/names', query });
  const metrics = names.filter((name) => !name.startsWith(RESOURCES_PREFIX));
  if (metrics.length === 0) return [];
  const read = await readMetricValues(control, { runIds: [runId], metrics });
  return read.flatMap(({ metric, x, values }) =>
    Array.from(x, (step, index) => ({ key: metric, step, value: values[index] ?? Number.NaN })),
  );
}

async function readTrackedEvents(control: ControlClient, runId: string): Promise<Tracked[]> {
  const tracked: Tracked[] = [];
  for (let start = 0; ; start += EVENTS_PER_PAGE) {
    const query = { start: String(start), count: String(EVENTS_PER_PAGE), order: 'asc', contains: ' = ' };
    const path = `/runs/${encodeURIComponent(runId)}/events`;
    const { data } = await control.json<{ data: readonly RecordedEvent[] }>({ method: 'GET', path, query });
    for (const { attributes } of data) {
      const { [MAGNUS.key]: key, [MAGNUS.step]: step, [MAGNUS.value]: text } = attributes;
      if (typeof key !== 'string' || typeof text !== 'string') continue;
      tracked.push({ key, step: Number(step ?? 0), value: parsePythonJson(text) as TrackedValue });
    }
    if (data.length < EVENTS_PER_PAGE) return tracked;
  }
}
