/**
 * Every attribute key, event name and metric name that this product puts on the wire or understands.
 * `docs/semantic-conventions.md` is checked against this file.
 */

/** Instrumentation scope of what `Run` sends. */
export const SCOPE_NAME = 'simvue-otel';

/** Keys of the OTLP resource: the identity of a run and of the process that writes it. */
export const RESOURCE = {
  /** Any string of 1 to 128 characters; see `run-id.ts` for how it becomes the 22-character id. */
  runId: 'simvue.run.id',
  runName: 'simvue.run.name',
  /** Folder path, starts with `/`. */
  runFolder: 'simvue.run.folder',
  /** Array of strings, or one string separated by `,` or `;`. */
  runTags: 'simvue.run.tags',
  runDescription: 'simvue.run.description',
  /** Prefix: `simvue.run.metadata.<key>`. */
  runMetadataPrefix: 'simvue.run.metadata.',
  /** Seconds without a sign of life after which a run is `lost`; 0 = never. */
  runHeartbeatTimeout: 'simvue.run.heartbeat_timeout',
  /** Seconds after the end of the run for which it is kept. */
  runRetention: 'simvue.run.retention',
  /** Steps that the run will make; kept as the metadata {@link TOTAL_STEPS_KEY}. */
  runTotalSteps: 'simvue.run.total_steps',
  /** Owner of the run; needs the scope `ingest:delegate`. */
  runUser: 'simvue.run.user',
  serviceNamespace: 'service.namespace',
  serviceName: 'service.name',
  /** This writer (process or thread) of the run. */
  serviceInstanceId: 'service.instance.id',
  hostId: 'host.id',
  hostName: 'host.name',
  processPid: 'process.pid',
  processCreationTime: 'process.creation.time',
  cicdPipelineRunId: 'cicd.pipeline.run.id',
} as const;

/** Prefix of the resource attributes that make a resource a run on purpose (`--accept simvue`). */
export const RUN_PREFIX = 'simvue.run.';

/** Attributes of a metric data point, and of a `simvue.metrics` record. */
export const POINT = {
  /** Integer step of the point. */
  step: 'simvue.step',
  /** Seconds since the start of the run, only when it differs from the timestamp. */
  time: 'simvue.time',
  /** Integer sequence number of the writer: a gap is shown as missing data. */
  sequence: 'simvue.seq',
} as const;

/** Prefix of attributes that belong to the product and never become part of a series. */
export const RESERVED_PREFIX = 'simvue.';

/** Reserved event names, in the field `event_name` or the attribute `event.name`. */
export const EVENT = {
  runStart: 'simvue.run.start',
  runUpdate: 'simvue.run.update',
  runEnd: 'simvue.run.end',
  runHeartbeat: 'simvue.run.heartbeat',
  alertDefine: 'simvue.alert.define',
  alertStatus: 'simvue.alert.status',
  artifact: 'simvue.artifact',
  metrics: 'simvue.metrics',
} as const;

/** Attribute that carries the event name when the record has no `event_name` field. */
export const EVENT_NAME_ATTRIBUTE = 'event.name';

/** Identity of a log record: delivered twice, stored once. */
export const LOG_RECORD_UID = 'log.record.uid';

/** Attributes of `simvue.run.start`, `simvue.run.update` and `simvue.run.end`. */
export const RUN_EVENT = {
  status: 'simvue.run.status',
  attempt: 'simvue.run.attempt',
  /** `owner` or `member`. */
  role: 'simvue.run.role',
  firstStep: 'simvue.run.first_step',
  name: 'simvue.run.name',
  description: 'simvue.run.description',
  metadataPrefix: 'simvue.run.metadata.',
  metadataRemoved: 'simvue.run.metadata_removed',
  tagsAdded: 'simvue.run.tags_added',
  tagsRemoved: 'simvue.run.tags_removed',
  tagsSet: 'simvue.run.tags_set',
  notification: 'simvue.run.notification',
  visibility: 'simvue.run.visibility',
  retention: 'simvue.run.retention',
  exitCode: 'simvue.run.exit_code',
  exitSignal: 'simvue.run.exit_signal',
  folderPath: 'simvue.folder.path',
  folderMetadataPrefix: 'simvue.folder.metadata.',
  folderTags: 'simvue.folder.tags',
  folderDescription: 'simvue.folder.description',
} as const;

/** Attributes of `simvue.alert.define` and `simvue.alert.status`. */
export const ALERT_EVENT = {
  id: 'simvue.alert.id',
  name: 'simvue.alert.name',
  /** `metrics`, `events`, `run` or `user`. */
  source: 'simvue.alert.source',
  rule: 'simvue.alert.rule',
  metric: 'simvue.alert.metric',
  threshold: 'simvue.alert.threshold',
  rangeLow: 'simvue.alert.range_low',
  rangeHigh: 'simvue.alert.range_high',
  pattern: 'simvue.alert.pattern',
  /** `substring` or `regex`. */
  patternType: 'simvue.alert.pattern_type',
  windowMinutes: 'simvue.alert.window_minutes',
  frequencyMinutes: 'simvue.alert.frequency_minutes',
  aggregation: 'simvue.alert.aggregation',
  evaluatePartialWindow: 'simvue.alert.evaluate_partial_window',
  delayMinutes: 'simvue.alert.delay_minutes',
  /** Names of channels that the collector knows. */
  notification: 'simvue.alert.notification',
  abort: 'simvue.alert.abort',
  description: 'simvue.alert.description',
  /** `ok` or `critical`. */
  status: 'simvue.alert.status',
} as const;

/** Attributes of an exception event (OpenTelemetry semantic conventions). */
export const EXCEPTION = {
  type: 'exception.type',
  message: 'exception.message',
  stacktrace: 'exception.stacktrace',
} as const;

/** Attributes of the event that keeps a value tracked in Magnus's way that is not a number. */
export const MAGNUS = {
  key: 'magnus.key',
  step: 'magnus.step',
  /** The value as JSON. */
  value: 'magnus.value',
} as const;

/**
 * `simvue.metrics` records: attributes under these prefixes are never values.
 * String attributes under {@link METRICS_RECORD_DIMENSION_PREFIX} are dimensions.
 */
export const METRICS_RECORD_RESERVED_PREFIXES = [
  'simvue.',
  'code.',
  'thread.',
  'process.',
  'exception.',
  'log.',
  'event.',
  'server.',
  'host.',
] as const;
export const METRICS_RECORD_DIMENSION_PREFIX = 'dim.';

/** Resource use of the process, as metric names of a run. */
export const RESOURCE_METRIC = {
  /** Percent, 100 = one core. */
  cpuUsage: 'resources/cpu.usage.percent',
  /** MiB. */
  memoryUsage: 'resources/memory.usage',
  hostCpu: 'resources/host.cpu.percent',
  hostMemory: 'resources/host.memory.usage',
  hostNetworkPrefix: 'resources/host.network.',
  /** Prefixes: the number of the processor follows; percent. */
  gpuCompute: 'resources/gpu.utilisation.percent.',
  gpuMemory: 'resources/gpu.utilisation.memory.',
} as const;

export const RUN_STATUSES = ['created', 'running', 'completed', 'failed', 'terminated', 'lost'] as const;
/** Status of a run: `created` and `running` are live; `lost` is reversible. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses that end a run. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'terminated'] as const;
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

/** Response header by which a client knows our collector from a plain Simvue server. */
export const COLLECTOR_HEADER = 'simvue-otel-collector';

/** Most bytes (UTF-8) of the text of an event; the collector refuses longer ones. */
export const MAX_EVENT_BYTES = 256 << 10;

/** Most bytes (UTF-8) of one value of metadata, of anything but text as JSON; the collector refuses longer ones. */
export const MAX_METADATA_VALUE_BYTES = 64 << 10;

/** Metadata key of the steps that a run will make: an integer from 1 on. Whoever can write metadata can say it. */
export const TOTAL_STEPS_KEY = 'simvue.total_steps';

/** Most tags of a run, and of a folder. */
export const MAX_TAGS = 1_000;

/** Seconds without a sign of life after which a run is lost, unless its resource says otherwise. */
export const DEFAULT_HEARTBEAT_TIMEOUT_SECONDS = 180;
