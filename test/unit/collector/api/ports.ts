import type { FastifyInstance } from 'fastify';
import { createLiveHub, type LiveHub } from '../../../../collector/api/live-hub.ts';
import { createSelfMetrics } from '../../../../collector/api/self-metrics.ts';
import { createServer, type ServerOptions } from '../../../../collector/api/server.ts';
import { LOCAL_PRINCIPAL } from '../../../../collector/pipeline/principal.ts';
import { RunDeletion, type RunDeletionParts } from '../../../../collector/pipeline/run-deletion.ts';
import { Standstills } from '../../../../collector/pipeline/standstills.ts';
import type { EventRecord } from '../../../../collector/pipeline/telemetry.ts';
import { TenantLimits } from '../../../../collector/pipeline/tenant-limits.ts';
import { PRIVATE } from '../../../../collector/pipeline/visibility.ts';
import type { RunListQuery, RunRow } from '../../../../collector/store/catalog-store.ts';
import type { FolderRow } from '../../../../collector/store/folder-store.ts';
import { MetricsJson } from '../../../../collector/store/shard/metrics-json.ts';
import type { EventQuery, PlotQuery, PlotSeries, SeriesSummary } from '../../../../collector/store/telemetry-store.ts';

/** 2026-01-31T12:00:00.123456 UTC. */
export const T0 = 1_769_860_800_123_456_000n;
export const SECOND = 1_000_000_000n;

export function runRow(change: Partial<RunRow> = {}): RunRow {
  return {
    id: 'aaaaaaaaaaaaaaaaaaaaaa',
    externalId: null,
    name: 'quiet-otter',
    folder: '/tests',
    status: 'running',
    description: null,
    tags: ['LES'],
    metadata: { lr: 0.1 },
    system: {},
    user: 'local',
    createdUnixNano: T0,
    startedUnixNano: T0,
    endedUnixNano: null,
    modifiedUnixNano: T0,
    lastSignUnixNano: T0 + 60n * SECOND,
    heartbeatTimeoutSeconds: 180,
    retentionSeconds: null,
    notification: 'none',
    attempt: 1,
    exitCode: null,
    exitSignal: null,
    tenant: 'default',
    visibility: PRIVATE,
    ...change,
  };
}

export function eventRecord(index: number, change: Partial<EventRecord> = {}): EventRecord & { instance: string } {
  return {
    timeUnixNano: T0 + BigInt(index) * SECOND,
    observedTimeUnixNano: T0,
    severityNumber: 9,
    severityText: 'INFO',
    eventName: '',
    body: `event ${index}`,
    attributes: {},
    traceId: '',
    spanId: '',
    uid: undefined,
    instance: 'one',
    ...change,
  };
}

/** Points of a series as a test writes them: x on every axis is the step, its time is `T0 + step` seconds. */
export interface TestSeries {
  readonly id: number;
  readonly name: string;
  readonly instance?: string;
  readonly points: readonly (readonly [x: number, value: number])[];
}

export function summaryOf({ id, name, instance = '', points }: TestSeries): SeriesSummary {
  const finite = points.map(([, value]) => value).filter(Number.isFinite);
  const [lastX, last] = points.at(-1) ?? [Number.NaN, Number.NaN];
  const at = (x: number) => T0 + BigInt(Math.round(x * 1e9));
  return {
    series: { id, instance, definition: { name, attributes: [], displayName: name, unit: '', temporality: 'gauge' } },
    count: points.length,
    min: finite.length === 0 ? Number.NaN : Math.min(...finite),
    max: finite.length === 0 ? Number.NaN : Math.max(...finite),
    sum: finite.reduce((sum, value) => sum + value, 0),
    nonFiniteCount: points.length - finite.length,
    last,
    lastStep: lastX,
    lastRunTime: Number.NaN,
    firstTimeUnixNano: at(points[0]?.[0] ?? 0),
    lastTimeUnixNano: at(points.length === 0 ? 0 : lastX),
  };
}

/** Exact points, or equal runs of points as buckets, as a store may answer. */
export function plotOf({ id, points }: TestSeries, { maxPoints }: Pick<PlotQuery, 'maxPoints'>): PlotSeries {
  const total = points.length;
  if (maxPoints === undefined || total <= maxPoints) {
    const [x, value] = [0, 1].map((column) => Float64Array.from(points, (point) => point[column as 0 | 1]));
    return { seriesId: id, kind: 'points', total, x: x as Float64Array, value: value as Float64Array };
  }
  const size = Math.ceil(total / maxPoints);
  const groups = Array.from({ length: Math.ceil(total / size) }, (_, g) => points.slice(g * size, (g + 1) * size));
  const finite = groups.map((group) => group.filter(([, value]) => Number.isFinite(value)));
  const pick = (choose: (a: number, b: number) => boolean) =>
    finite.map((group) => group.reduce((a, b) => (choose(b[1], a[1]) ? b : a), group[0] ?? [Number.NaN, Number.NaN]));
  const [least, greatest] = [pick((a, b) => a < b), pick((a, b) => a > b)];
  const column = <T>(rows: readonly T[], value: (row: T) => number) => Float64Array.from(rows, value);
  return {
    seriesId: id,
    kind: 'buckets',
    total,
    x0: column(groups, (group) => group[0]?.[0] as number),
    x1: column(groups, (group) => group.at(-1)?.[0] as number),
    count: column(groups, (group) => group.length),
    mean: column(finite, (group) => group.reduce((sum, [, value]) => sum + value, 0) / group.length),
    min: column(least, ([, value]) => value),
    max: column(greatest, ([, value]) => value),
    minX: column(least, ([x]) => x),
    maxX: column(greatest, ([x]) => x),
    nonFinite: Float64Array.from(groups, (group, g) => group.length - (finite[g]?.length ?? 0)),
  };
}

export interface Ports {
  runs: RunRow[];
  folders: FolderRow[];
  series: Record<string, TestSeries[]>;
  events: Record<string, (EventRecord & { instance: string })[]>;
  deleted: Set<string>;
  /** What the routes asked for, in order. */
  readonly asked: {
    list: RunListQuery[];
    plot: PlotQuery[];
    events: EventQuery[];
    histogram: unknown[][];
    done: string[];
  };
}

const unreached = async (): Promise<never> => {
  throw new Error('writes are tested with a real catalogue: test/integration/api');
};
const writes = {
  tags: { list: unreached, get: unreached, create: unreached, change: unreached, remove: unreached, runIds: unreached },
  alerts: {
    list: unreached,
    get: unreached,
    create: unreached,
    change: unreached,
    remove: unreached,
    ofRuns: unreached,
    attachedTo: () => [],
    hasHad: () => false,
    attach: unreached,
    attachOne: unreached,
    detach: unreached,
    automatic: unreached as never,
    status: unreached,
    setStatus: unreached,
  },
  grids: {
    get: unreached,
    create: unreached,
    remove: unreached,
    assign: unreached,
    ofRun: unreached,
  },
  folders: {
    list: unreached,
    get: unreached,
    create: unreached,
    change: unreached,
    tree: unreached,
    tagged: unreached,
    runIds: unreached,
    remove: unreached,
  },
  storages: unreached as never,
};

/** What a server of a test is made of. */
type TestPorts = Pick<ServerOptions, 'catalog' | 'telemetry' | 'edits' | 'content'> & {
  readonly deleting: Omit<RunDeletionParts, 'onDeleted'>;
};

/** Stores that keep what the test put into them, and note what they are asked. */
export function createPorts(content: Partial<Ports> = {}): Ports & TestPorts {
  const ports: Ports = {
    runs: [],
    folders: [],
    series: {},
    events: {},
    deleted: new Set(),
    asked: { list: [], plot: [], events: [], histogram: [], done: [] },
    ...content,
  };
  return Object.assign(ports, {
    catalog: {
      getRun: async (id) => ports.runs.find((run) => run.id === id),
      listRuns: async (query) => {
        ports.asked.list.push(query);
        const status = query.filters.find((filter) => filter.kind === 'status')?.status;
        const runs = ports.runs.filter((run) => status === undefined || run.status === status);
        return { count: runs.length, runs: runs.slice(query.start, query.start + query.count) };
      },
      instances: async () => [
        { instance: 'one', role: 'owner', firstSignUnixNano: T0, lastSignUnixNano: T0, ended: false, system: {} },
      ],
      starred: async () => new Set<string>(),
      accounts: { user: () => undefined } as unknown as ServerOptions['catalog']['accounts'],
      usage: { ofUser: () => undefined } as unknown as ServerOptions['catalog']['usage'],
      activity: unreached as never,
      page: { colours: () => new Map() } as unknown as ServerOptions['catalog']['page'],
      ownerOf: () => undefined,
      alertStates: unreached as never,
      outbox: unreached as never,
      grids: { ...writes.grids, ofRun: async () => [] },
      alerts: {
        ...writes.alerts,
        ofRuns: async () => new Map(),
        attachedTo: () => [],
        hasHad: () => false,
        add: unreached,
        onChange: unreached,
      },
      isDeleted: (id) => ports.deleted.has(id),
      setStar: unreached,
      requestAbort: unreached,
      abortOf: unreached,
      tags: writes.tags,
      artifacts: { countOfRun: async () => 3 } as unknown as ServerOptions['catalog']['artifacts'],
      storages: writes.storages,
      folders: { ...writes.folders, get: async (id) => ports.folders.find((folder) => folder.id === id) },
    },
    edits: unreached as never,
    content: unreached as never,
    telemetry: {
      summaries: async (id) => (ports.series[id] ?? []).map(summaryOf),
      metricsJson: async (runs) =>
        runs.map(({ runId, originUnixNano }) =>
          new MetricsJson().print((ports.series[runId] ?? []).map(summaryOf), originUnixNano),
        ),
      plot: async (query) => {
        ports.asked.plot.push(query);
        return (ports.series[query.runId] ?? [])
          .filter(({ id }) => query.seriesIds.includes(id))
          .map((series) => plotOf(series, query));
      },
      events: async (query) => {
        ports.asked.events.push(query);
        const matching = (ports.events[query.runId] ?? []).filter(({ body }) => body.includes(query.contains ?? ''));
        if (query.descending) matching.reverse();
        const end = query.count === 0 ? undefined : query.start + query.count;
        return { total: matching.length, events: matching.slice(query.start, end) };
      },
      eventHistogram: async (...query) => {
        ports.asked.histogram.push(query);
        return [{ fromUnixNano: query[1], error: 1, warn: 2, info: 3, debug: 4 }];
      },
      metricCells: unreached,
      stepSpans: unreached,
      metricNames: async (ids) => {
        const series = ids.flatMap((id) => ports.series[id] ?? []).filter(({ points }) => points.length > 0);
        return [...new Set(series.map(({ name }) => name))];
      },
      statistics: unreached,
      openRun: unreached,
      points: unreached,
      pointPage: unreached,
      spans: unreached,
      writers: async () => [],
      arrayAt: unreached,
      arraySteps: unreached,
      arraySummaries: unreached,
    },
    deleting: {
      catalog: {
        deleteRuns: async (ids) => {
          const there = ids.filter((id) => ports.runs.some((run) => run.id === id));
          ports.runs = ports.runs.filter((run) => !there.includes(run.id));
          for (const id of there) ports.deleted.add(id);
          ports.asked.done.push(`catalog ${ids}`);
          return there;
        },
        expiredRuns: async () => [],
        artifacts: { contentToRemove: async () => [], contentRemoved: unreached },
      },
      telemetry: { deleteRuns: async (ids) => void ports.asked.done.push(`telemetry ${ids}`) },
      resolver: { forget: (id) => ports.asked.done.push(`resolver ${id}`) },
      files: { remove: unreached },
    },
  } satisfies TestPorts);
}

const unopened = (): never => {
  throw new Error('sessions are tested with real accounts: test/integration/access');
};

/** A server over such stores; `inject` sends the Host header of a browser on this machine. */
export function createTestServer(
  { deleting, ...ports }: TestPorts,
  change: Partial<ServerOptions> = {},
): {
  server: FastifyInstance;
  live: LiveHub;
  get: (url: string) => Promise<{ status: number; body: string; json: unknown }>;
} {
  const live = change.live ?? createLiveHub({ version: '1.2.3' });
  const server = createServer({
    ...ports,
    limits: new TenantLimits({ tenant: () => undefined }, { runs: () => 0, bytes: () => 0 }),
    space: () => Promise.reject(new Error('there is no disk')),
    lastValues: { during: (_metrics, list) => list() },
    standstills: new Standstills({ summaries: async () => [] }),
    deletion: new RunDeletion({ ...deleting, onDeleted: live.runDeleted }),
    live,
    alerts: { tell: unreached, unit: 'minutes' },
    channels: { health: [] },
    metrics: createSelfMetrics('1.2.3', live),
    authenticator: { needsToken: false, authenticate: async () => LOCAL_PRINCIPAL, letIn: () => undefined },
    sessions: {
      needsToken: false,
      open: unopened,
      find: () => null,
      close: () => undefined,
      createToken: unopened,
    },
    tls: undefined,
    readiness: () => undefined,
    version: '1.2.3',
    webDirectory: '/nowhere',
    bindHost: '127.0.0.1',
    ...change,
  });
  const get = async (url: string) => {
    const { statusCode, body } = await server.inject({ url, headers: { host: 'localhost:4318' } });
    return { status: statusCode, body, json: parse(body) };
  };
  return { server, live, get };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
