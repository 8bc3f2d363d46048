import { pino } from 'pino';
import { NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import { checkExposure } from './access/exposure.ts';
import { createToken } from './access/token.ts';
import { createAlerting } from './alerting.ts';
import { writableRunCheck } from './api/api-context.ts';
import { createLiveHub } from './api/live-hub.ts';
import { createSelfMetrics } from './api/self-metrics.ts';
import { openUrlSigner } from './api/signed-url.ts';
import { Closers } from './closers.ts';
import { type CollectorConfig, isLoopback } from './config.ts';
import { CATALOGUE, createDiskTrouble, probeCatalogue, troubleLogger } from './disk-watch.ts';
import { after, every } from './every.ts';
import { createExporting } from './exporting.ts';
import { IngestPipeline } from './pipeline/ingest.ts';
import { LastValues } from './pipeline/last-values.ts';
import { LostDetection } from './pipeline/lost-detection.ts';
import { mendLostLog } from './pipeline/lost-log.ts';
import { arrayBytes, type MetricArray } from './pipeline/metric-array.ts';
import { LOCAL_USER } from './pipeline/principal.ts';
import { ReceivedAmounts } from './pipeline/received-amounts.ts';
import { replayLog } from './pipeline/replay.ts';
import { RequestPlanner } from './pipeline/request-planner.ts';
import { RunDeletion } from './pipeline/run-deletion.ts';
import { RunEdits } from './pipeline/run-edits.ts';
import { createRunResolver } from './pipeline/run-resolver.ts';
import type { RunActivity } from './pipeline/run-resolver-port.ts';
import { DEFAULT_SERIES_LIMITS } from './pipeline/run-series.ts';
import { StagingArena } from './pipeline/staging.ts';
import { Standstills } from './pipeline/standstills.ts';
import { TenantLimits } from './pipeline/tenant-limits.ts';
import { DEFAULT_BODY_LIMITS } from './receiver/otlp-routes.ts';
import { BodyReader } from './receiver/request-body.ts';
import { createRequestDecoder } from './receiver/request-decoder.ts';
import { registerArrayRoute, registerSimvueRoutes } from './receiver/simvue-routes.ts';
import { observeAlerts, observeDisk, observeReceiver, observeStorage } from './self-telemetry.ts';
import { serve } from './serving.ts';
import type { AccountStore } from './store/account-store.ts';
import { openDataDirectory } from './store/data-directory.ts';
import { readDiskSpace } from './store/disk-space.ts';
import { openIngestLog } from './store/ingest-log.ts';
import { openLocalArtifactFiles } from './store/local-artifact-files.ts';
import { openTelemetryStore } from './store/sharded-telemetry-store.ts';
import { openCatalog } from './store/sqlite-catalog.ts';

/** A running collector. */
export interface CollectorApp {
  /** Address it listens on, without a final slash. */
  readonly url: string;
  /** The same for OTLP/gRPC; undefined = it is not served. */
  readonly grpcUrl: string | undefined;
  /** Made at the first start on loopback, for clients that want a token; it is not shown again. */
  readonly firstToken: string | undefined;
  /** Stops accepting, stores everything, and gives the data directory back; idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface AppEnvironment {
  readonly version: string;
  /** Told when the collector cannot go on, for example when a store thread died. Nothing acknowledged is lost: the log has it. */
  readonly onFatal: (error: unknown) => void;
}

const LOST_DETECTION_INTERVAL_MS = 2_000;
const RECEIVED_INTERVAL_MS = 5_000;
const RETENTION_INTERVAL_MS = 60_000;
const SHRINK_INTERVAL_MS = 200;
/** For senders that wait to try again after a start. */
const STANDSTILL_GRACE_MS = 30_000;
const FIRST_TOKEN_SECONDS = 365 * 86_400;

const nowUnixNano = (): bigint => BigInt(Date.now()) * NANOS_PER_MILLISECOND;

/**
 * Opens the data directory, replays the log and listens.
 *
 * @throws SimvueError `SIMVUE_ERR_DATA_DIRECTORY`, `SIMVUE_ERR_PORT_IN_USE` or `SIMVUE_ERR_CONFIG`, naming the setting and the fix.
 */
export async function createApp(config: CollectorConfig, environment: AppEnvironment): Promise<CollectorApp> {
  const logger = pino({ level: config.logLevel }, pino.destination(2));
  const closers = new Closers();
  const close = (): Promise<void> => closers.closeAll();
  try {
    const started = await start(config, environment, logger, closers);
    return { ...started, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  config: CollectorConfig,
  { version, onFatal }: AppEnvironment,
  logger: pino.Logger,
  closers: Closers,
): Promise<Pick<CollectorApp, 'url' | 'grpcUrl' | 'firstToken'>> {
  const data = openDataDirectory(config.dataDirectory);
  closers.push(data.release);
  const disk = createDiskTrouble(logger, data.path);
  const logTrouble = troubleLogger(logger);
  const catalog = openCatalog(data.file('catalog.db'), nowUnixNano, (trouble) => disk.report(CATALOGUE, trouble));
  closers.push(() => catalog.close());
  checkExposure(config, catalog.accounts, nowUnixNano());
  closers.push(probeCatalogue(disk, catalog));
  const log = await openIngestLog(data.file('log'), (trouble) => disk.report('ingest log', trouble));
  closers.push(() => log.close());
  const telemetry = await openTelemetryStore({
    directory: data.path,
    onFatal,
    onDisk: (part, trouble) => disk.report(part, trouble),
  });
  closers.push(() => telemetry.close());
  const lostLog = mendLostLog(log, telemetry);
  if (lostLog !== undefined) logger.error(lostLog);

  const files = await openLocalArtifactFiles(data.file('artifacts'));

  const live = createLiveHub({ version });
  const publishChange = (runId: string): void => live.publish({ runId, points: 0, events: 0, state: true });
  const lost = new LostDetection({
    catalog,
    clock: Date.now,
    tickMs: LOST_DETECTION_INTERVAL_MS,
    onRunChanged: (runId) => {
      stateChanged(runId);
      publishChange(runId);
    },
  });
  const stateChanged = (runId: string): void => {
    alerting.runChanged(runId);
    exporting.runChanged(runId);
  };
  const arena = new StagingArena((block) => telemetry.addBlock(block));
  const trimLog = (): void => {
    log.trim(Math.min(telemetry.safeSequence, alerting.stream.safeSequence, exporting.safeSequence));
  };
  const alerting = await createAlerting({
    catalog,
    telemetry,
    arena,
    file: config.alertsFile,
    unit: config.alertUnit,
    pageUrl: () => config.publicUrl ?? url,
    onRunChanged: publishChange,
    onPosition: trimLog,
    onError: (what, error) => logTrouble(what)(error),
  });
  const onRunChanged = (runId: string): void => {
    lost.runChanged(runId);
    stateChanged(runId);
    publishChange(runId);
  };
  const onActivity = (activity: RunActivity): void => {
    if (activity.state) {
      lost.runChanged(activity.runId);
      stateChanged(activity.runId);
    }
    if (activity.hasOwnPoints) standstills.heard(activity.runId, Date.now());
    lastValues.changed(activity.runId);
    received.add(activity.runId, activity);
    live.publish(activity);
  };
  const standstills = new Standstills(telemetry);
  const lastValues = new LastValues({ values: catalog.lastValues, telemetry });
  const limits = new TenantLimits(catalog.accounts, catalog.usage);
  const received = new ReceivedAmounts(catalog.usage, (runId) => catalog.ownerOf(runId)?.tenant);
  const resolver = createRunResolver({
    catalog,
    accept: config.accept,
    maxNewRunsPerMinute: config.maxNewRunsPerMinute,
    limits,
    clock: Date.now,
    onRunChanged,
  });
  const exporting = await createExporting({
    config,
    log,
    catalog,
    telemetry,
    files,
    resolver,
    onPosition: trimLog,
    tell: (level, message) => logger[level](message),
  });
  telemetry.onSafeSequence(trimLog);
  const decoder = createRequestDecoder({ arena });
  const planner = new RequestPlanner({
    catalog,
    telemetry,
    resolver,
    seriesLimits: DEFAULT_SERIES_LIMITS,
    decoderVersion: decoder.decoderVersion,
    onSign: (runId, instance, timeUnixNano) => lost.sign(runId, instance, timeUnixNano),
    alerts: alerting.commands,
  });
  const pipeline = new IngestPipeline({
    log,
    telemetry,
    planner,
    arena,
    disk,
    onActivity,
    observe: (...request) => alerting.stream.observe(...request),
  });
  const replayed = await replayLog({
    log,
    telemetry,
    decoder,
    planner,
    pipeline,
    arena,
    from: Math.min(telemetry.replayFrom, alerting.stream.replayFrom),
    onUnreadable: (record, reason) => logger.error(`record ${record.sequence} of the log cannot be read: ${reason}`),
  });
  if (replayed.records > 0) logger.info(replayed, 'replayed the ingest log');

  exporting.start();
  closers.push(() => exporting.close());
  const aliveAt = await lost.start();
  const startedAt = Date.now();
  for (const { id } of await catalog.liveRuns()) standstills.heard(id, startedAt);
  const resume = (signal: AbortSignal) => standstills.resume(aliveAt, startedAt, signal);
  closers.push(after(STANDSTILL_GRACE_MS, resume, logTrouble('runs that stand still')));
  closers.push(() => alerting.close());
  // What was seen since the last tick is written at the end.
  closers.push(() => lost.tick());
  // Who is refused cannot be heard: to the detection, that is a pause of the collector.
  const look = async (): Promise<void> => (disk.reason === undefined ? lost.tick() : undefined);
  closers.push(every(LOST_DETECTION_INTERVAL_MS, look, logTrouble('lost detection')));

  closers.push(() => received.write());
  closers.push(every(RECEIVED_INTERVAL_MS, () => received.write(), logTrouble('volume of data')));

  const deletion = new RunDeletion({ catalog, telemetry, resolver: planner, files, onDeleted: live.runDeleted });
  await deletion.removeForgottenContent();
  closers.push(every(RETENTION_INTERVAL_MS, () => deletion.deleteExpired(), logTrouble('retention')));

  const shrink = async (): Promise<boolean> => disk.reason === undefined && catalog.shrink();
  closers.push(every(SHRINK_INTERVAL_MS, shrink, logTrouble('room of deleted runs')));

  const metrics = createSelfMetrics(version, live);
  observeStorage(metrics, { pipeline, log, telemetry, received });
  observeAlerts(metrics, alerting);
  exporting.observe(metrics);
  observeDisk(metrics, disk);
  const receiving = {
    ingest: pipeline,
    decoder,
    bodies: new BodyReader({ ...DEFAULT_BODY_LIMITS, maxBodyBytes: config.maxBodyBytes }),
    telemetry: observeReceiver(metrics),
  };
  const writing = { ...receiving, checkWritable: writableRunCheck(catalog) };
  const storeArrays = async (runId: string, arrays: readonly MetricArray[]): Promise<void> => {
    await telemetry.putArrays(runId, arrays);
    exporting.arraysStored(runId, arrays);
    lost.sign(runId, '', nowUnixNano());
    standstills.heard(runId, Date.now());
    const activity = { runId, points: arrays.length, events: 0 };
    received.add(runId, { ...activity, bytes: arrayBytes(arrays) });
    live.publish({ ...activity, state: false });
  };
  const edits = new RunEdits({
    catalog,
    nowUnixNano,
    onRunChanged,
    onSign: (runId, instance, timeUnixNano) => lost.sign(runId, instance, timeUnixNano),
  });
  const { url, grpcUrl } = await serve(
    config,
    {
      receiving,
      catalog,
      telemetry,
      space: () => readDiskSpace(data.path),
      lastValues,
      standstills,
      deletion,
      edits,
      limits,
      live,
      alerts: alerting.commands,
      channels: alerting.notifier,
      content: { files, signer: await openUrlSigner(catalog, Date.now), maxBytes: config.maxArtifactBytes },
      metrics,
      version,
      readiness: () => disk.reason,
      extend: (api) => {
        registerSimvueRoutes(api, writing);
        registerArrayRoute(api, { ...writing, storeArrays });
      },
      logger,
      nowUnixNano,
    },
    closers,
  );
  alerting.start();
  return { url, grpcUrl, firstToken: isLoopback(config.host) ? firstToken(catalog.accounts) : undefined };
}

function firstToken(accounts: AccountStore): string | undefined {
  if (accounts.tokens().length > 0) return undefined;
  const token = {
    username: LOCAL_USER,
    name: 'first start',
    scopes: ['admin'],
    lifetimeSeconds: FIRST_TOKEN_SECONDS,
  } as const;
  return createToken(accounts, token, nowUnixNano()).text;
}
