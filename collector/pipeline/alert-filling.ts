import type { TelemetryStore } from '../store/telemetry-store.ts';
import { addStoredPoints } from './alert-points.ts';
import type { WatchedRun } from './watched-run.ts';

const LAST_TIME = (1n << 64n) - 1n;

/**
 * Gives the alerts of a run that are being filled what was logged within their windows before they were attached.
 *
 * @param sequence - newest record of the log that was seen.
 */
export async function fillFromStore(
  telemetry: Pick<TelemetryStore, 'openRun' | 'points'>,
  run: WatchedRun,
  sequence: number,
): Promise<void> {
  const known = await telemetry.openRun(run.id);
  const wanted = known.filter(({ definition: { name, displayName } }) =>
    run.alerts.ofSeries(name, displayName).some(({ isFilling }) => isFilling),
  );
  if (wanted.length === 0) return;
  const fromUnixNano = run.startUnixNano + BigInt(Math.round(run.alerts.reachedNano)) - BigInt(run.longestWindowNano);
  const seriesIds = wanted.map(({ id }) => id);
  for (const { series, columns } of await telemetry.points({
    runId: run.id,
    seriesIds,
    fromUnixNano,
    toUnixNano: LAST_TIME,
  })) {
    for (const part of columns) addStoredPoints(run, series, part, sequence);
  }
}
