import { createHash } from 'node:crypto';
import { type ArrayEntry, simvueName } from 'simvue-otel/exporter';
import { formatTimestamp } from 'simvue-otel/time';
import { inShape, type MetricArray } from '../pipeline/metric-array.ts';
import type { RunGrid } from '../store/grid-store.ts';
import { type ItemParts, REFUSED, type RunPlace, untilTaken } from './item-parts.ts';

/** Of at most 50,000 numbers each. */
const ARRAYS_A_REQUEST = 16;

/** Sends the grids of a run, then the arrays of its metrics that wait. */
export async function sendGrids(parts: ItemParts, place: RunPlace): Promise<void> {
  const { target, catalog, telemetry, forwarding, delivery } = parts;
  const ids = new Map<string, string>();
  for (const assigned of await catalog.grids.ofRun(place.runId)) {
    const id = await sendGrid(parts, place, assigned);
    if (id !== undefined) ids.set(assigned.metric, id);
  }
  for (;;) {
    const waiting = catalog.exports.waitingArrays(target, place.runId, ARRAYS_A_REQUEST);
    if (waiting.length === 0) return;
    const found = await Promise.all(waiting.map(({ metric, step }) => telemetry.arrayAt(place.runId, metric, step)));
    const entries = found.flatMap((array) => (array === undefined ? [] : entryOf(array, ids.get(array.metric))));
    await delivery.send(
      entries,
      () => 1,
      (some) => forwarding.known(place.remoteId).postArrays(some, delivery.signal),
    );
    catalog.exports.arraysSent(target, place.runId, waiting);
  }
}

/** @returns its id there. */
async function sendGrid(parts: ItemParts, place: RunPlace, { grid, metric }: RunGrid): Promise<string | undefined> {
  const { target, catalog, forwarding, delivery } = parts;
  const { signal } = delivery;
  const json = { name: grid.name, grid: grid.ticks, labels: grid.labels };
  const state = createHash('sha256').update(JSON.stringify(json)).digest('hex');
  const known = catalog.exports.items(target, place.runId, 'grid').get(metric);
  if (known?.state === REFUSED) return undefined;
  if (known?.state === state) return known.remote;
  const taken = await untilTaken(parts, 'grid', async () => {
    const { id } = await forwarding.ask<{ id: string }>({ method: 'POST', path: '/grids', json, signal });
    const path = `/runs/${place.remoteId}/grids/${id}`;
    await forwarding.ask({ method: 'PUT', path, json: { metric: simvueName(metric, {}) }, signal });
    return id;
  });
  const item = { kind: 'grid', item: metric, remote: taken?.result ?? '' } as const;
  catalog.exports.saveItem(target, place.runId, { ...item, state: taken === undefined ? REFUSED : state });
  return taken?.result;
}

function entryOf(array: MetricArray, grid: string | undefined): ArrayEntry {
  const { metric, step, runTimeSeconds: time, timeUnixNano, shape, values } = array;
  return {
    metric: simvueName(metric, {}),
    step,
    time,
    timestamp: formatTimestamp(timeUnixNano),
    array: inShape(shape, Array.from(values)),
    ...(grid === undefined ? {} : { grid }),
  };
}
