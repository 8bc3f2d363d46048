import type { ControlClient, ControlRequest } from '../control/control-client.ts';
import { parsePythonJson } from '../python-json.ts';
import { MAGNUS, type RunStatus } from '../semconv.ts';
import type { Tracked, TrackedObject, TrackedValue } from './tracked-values.ts';

/** A run as the REST API shows it. */
export interface RecordedRun {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly status: RunStatus;
  readonly metadata: TrackedObject;
  readonly system: Readonly<Record<string, unknown>> | null;
  readonly created: string;
  readonly started: string | null;
  readonly endtime: string | null;
  readonly attempt: number;
  readonly external_id: string | null;
}

/** An artifact of a run as the REST API shows it. */
export interface RecordedArtifact {
  readonly name: string;
  readonly category: string;
  readonly checksum: string;
  readonly uploaded: boolean;
  /** Fetches the content. */
  readonly url: string;
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

/** @returns the text of an answer or of an artifact. */
export async function readText(control: ControlClient, request: ControlRequest | string): Promise<string> {
  const { body } = await (typeof request === 'string'
    ? control.send(request, { method: 'GET' })
    : control.open(request));
  return body.text();
}

async function readMetrics(control: ControlClient, runId: string): Promise<Tracked[]> {
  const query = { runs: JSON.stringify([runId]), xaxis: 'step' };
  const text = await readText(control, { method: 'GET', path: '/metrics', query });
  type Points = Record<string, readonly { step: number; value: number }[]>;
  const byName = (parsePythonJson(text) as Record<string, Points>)[runId] ?? {};
  return Object.entries(byName)
    .filter(([key]) => !key.startsWith(RESOURCES_PREFIX))
    .flatMap(([key, points]) => points.map(({ step, value }) => ({ key, step, value })));
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
