import { setImmediate } from 'node:timers/promises';
import { SimvueError } from 'simvue-otel/errors';
import type { PointBatch } from '../alert/point-batch.ts';
import type { Rule } from '../alert/rule.ts';
import { RunAlerts, type RunEvaluation, type WatchedSeries } from '../alert/run-alerts.ts';
import type { RunRow } from '../store/catalog-store.ts';
import type { TelemetryStore } from '../store/telemetry-store.ts';
import { isTerminal } from './run-lifecycle.ts';
import { nanoSince, runStart } from './run-start.ts';

const MAX_POINTS = 5_000_000;
const POINTS_A_TURN = 5_000;
const EVENTS_A_PAGE = 1_000;
const ALERT_ID = 'test';

/** When a rule would have fired over what is stored of a run. */
export interface DryRun {
  /** Changes of state, in the order of time, the first ones to `ok` included. */
  readonly changes: readonly RunEvaluation[];
  readonly evaluations: number;
  readonly points: number;
}

/** @throws SimvueError `SIMVUE_ERR_TOO_LARGE` when the series that the rule watches have too many points. */
export async function dryRunAlert(
  telemetry: Pick<TelemetryStore, 'openRun' | 'points' | 'events'>,
  run: RunRow,
  rule: Rule,
): Promise<DryRun> {
  const changes: RunEvaluation[] = [];
  let evaluations = 0;
  const alerts = new RunAlerts((evaluation) => {
    evaluations++;
    if (evaluation.evaluation.state !== evaluation.evaluation.previous) changes.push(evaluation);
  });
  alerts.add(ALERT_ID, rule);
  const startUnixNano = run.startedUnixNano ?? run.createdUnixNano;
  let points = 0;
  if ('metric' in rule) points = await feedPoints(telemetry, run.id, startUnixNano, alerts);
  else if (rule.kind === 'events') points = await feedEvents(telemetry, run.id, startUnixNano, alerts);
  const endNano = run.endedUnixNano === null ? undefined : Number(run.endedUnixNano - startUnixNano);
  alerts.setStatus(endNano ?? 0, run.status);
  if (endNano !== undefined && isTerminal(run.status)) alerts.end(endNano);
  else if (run.lastSignUnixNano !== null) alerts.advance(Number(run.lastSignUnixNano - startUnixNano));
  return { changes, evaluations, points };
}

interface Point {
  readonly watched: WatchedSeries;
  readonly timeNano: number;
  readonly value: number;
}

async function feedPoints(
  telemetry: Pick<TelemetryStore, 'openRun' | 'points'>,
  runId: string,
  startUnixNano: bigint,
  alerts: RunAlerts,
): Promise<number> {
  const start = runStart(startUnixNano);
  const series = await telemetry.openRun(runId);
  const points: Point[] = [];
  for (const { id, definition } of series) {
    const watching = alerts.ofSeries(definition.name, definition.displayName);
    if (watching.length === 0) continue;
    const query = { runId, seriesIds: [id], fromUnixNano: 0n, toUnixNano: (1n << 64n) - 1n };
    for (const { columns } of await telemetry.points(query)) {
      for (const { count, timeLow, timeHigh, value } of columns) {
        await setImmediate();
        for (let i = 0; i < count; i++) {
          const timeNano = nanoSince(start, timeLow[i] as number, timeHigh[i] as number);
          for (const watched of watching) points.push({ watched, timeNano, value: value[i] as number });
        }
        if (points.length <= MAX_POINTS) continue;
        throw new SimvueError(
          'SIMVUE_ERR_TOO_LARGE',
          `the rule watches more than ${MAX_POINTS} points: name fewer metrics`,
        );
      }
    }
  }
  let identity = 0;
  for await (const stretch of inOrder(points)) {
    for (const { watched, timeNano, value } of stretch) {
      alerts.advance(timeNano - 1);
      watched.watch.addPoints?.(onePoint(timeNano, value, identity++), watched.emit);
      alerts.touched(watched, 1);
    }
  }
  return points.length;
}

function onePoint(timeNano: number, value: number, identity: number): PointBatch {
  return { count: 1, isOrdered: true, timeNano: () => timeNano, value: () => value, identity: () => identity };
}

/** The points in the order of time, a stretch in each turn of the event loop. */
async function* inOrder(points: readonly Point[]): AsyncGenerator<readonly Point[]> {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { timeNano } of points) {
    first = Math.min(first, timeNano);
    last = Math.max(last, timeNano);
  }
  const count = Math.ceil(points.length / POINTS_A_TURN);
  const stretches = Array.from({ length: count }, (): Point[] => []);
  for (const [index, point] of points.entries()) {
    if (index % POINTS_A_TURN === 0) await setImmediate();
    const at = Math.floor(((point.timeNano - first) / (last - first || 1)) * count);
    stretches[Math.min(at, count - 1)]?.push(point);
  }
  for (const stretch of stretches) {
    await setImmediate();
    yield stretch.sort((a, b) => a.timeNano - b.timeNano);
  }
}

async function feedEvents(
  telemetry: Pick<TelemetryStore, 'events'>,
  runId: string,
  startUnixNano: bigint,
  alerts: RunAlerts,
): Promise<number> {
  for (let start = 0; ; start += EVENTS_A_PAGE) {
    const page = await telemetry.events({ runId, start, count: EVENTS_A_PAGE, descending: false });
    for (const { timeUnixNano, body } of page.events) {
      const timeNano = Number(timeUnixNano - startUnixNano);
      alerts.advance(timeNano - 1);
      alerts.addEvent(timeNano, body, 1);
    }
    if (start + page.events.length >= page.total || page.events.length === 0) return page.total;
  }
}
