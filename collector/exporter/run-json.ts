import type { NewRun } from 'simvue-otel/exporter';
import { formatTimestamp } from 'simvue-otel/time';
import type { RunRow } from '../store/catalog-store.ts';

/** @see Simvue client, names `^[a-zA-Z0-9\-_\s/.:]+$` */
const NOT_IN_NAMES = /[^a-zA-Z0-9\-_\s/.:]/g;

/**
 * What a new run at a target begins with. Its end comes after its data; whether it is lost is found here, not there.
 */
export function newRunJson(row: RunRow): NewRun {
  const status = row.status === 'created' ? 'created' : 'running';
  return { ...common(row), status, heartbeat_timeout: null };
}

/** All that a target is told of a run: body of `PUT /api/runs/{id}`. */
export function runJson(row: RunRow): Record<string, unknown> {
  const { status, endedUnixNano } = row;
  return { ...common(row), status, ...(endedUnixNano === null ? {} : { endtime: formatTimestamp(endedUnixNano) }) };
}

/** Who may read the run: users here are not known there. Body of `PUT /api/runs/{id}`. */
export function visibilityJson({ visibility: { tenant, public: isPublic } }: RunRow): Record<string, unknown> {
  return { visibility: { users: [], tenant, public: isPublic } };
}

function common({ name, folder, description, tags, metadata, system, retentionSeconds, startedUnixNano }: RunRow) {
  return {
    name: name.replace(NOT_IN_NAMES, '_'),
    folder,
    tags,
    metadata,
    ...(description === null ? {} : { description }),
    ...(Object.keys(system).length === 0 ? {} : { system }),
    ...(retentionSeconds === null ? {} : { ttl: retentionSeconds }),
    ...(startedUnixNano === null ? {} : { started: formatTimestamp(startedUnixNano) }),
  };
}
