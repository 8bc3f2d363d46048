/** How the text of a setting is read. */
export type SettingType = 'text' | 'path' | 'number' | 'boolean' | 'list' | readonly string[];

/** One setting, by all its names: argument, environment variables (the first one wins) and keys of configuration files. */
export interface Setting {
  readonly option: string;
  readonly variables: readonly string[];
  readonly keys: readonly string[];
  readonly type: SettingType;
}

/** Where to send, and as whom: these belong together. */
export const SERVER_SETTINGS = [
  { option: 'url', variables: ['SIMVUE_URL', 'SIMTRACK_URL'], keys: ['server.url'], type: 'text' },
  { option: 'token', variables: ['SIMVUE_TOKEN', 'SIMTRACK_TOKEN'], keys: ['server.token'], type: 'text' },
  {
    option: 'caCertificate',
    variables: ['SIMVUE_SERVER_CA_CERTIFICATE'],
    keys: ['server.ca_cert'],
    type: 'path',
  },
  {
    option: 'clientCertificate',
    variables: ['SIMVUE_SERVER_CLIENT_CERTIFICATE'],
    keys: ['server.client_cert'],
    type: 'path',
  },
  { option: 'clientKey', variables: ['SIMVUE_SERVER_CLIENT_KEY'], keys: ['server.client_key'], type: 'path' },
] as const satisfies readonly Setting[];

/** What `new Run` and `config` take. */
export const CONFIG_SETTINGS = [
  { option: 'profile', variables: ['SIMVUE_SERVER_PROFILE'], keys: [], type: 'text' },
  { option: 'mode', variables: ['SIMVUE_MODE'], keys: ['run.mode'], type: ['online', 'offline', 'disabled'] },
  { option: 'spoolDirectory', variables: ['SIMVUE_OFFLINE_DIRECTORY'], keys: ['offline.cache'], type: 'path' },
  { option: 'spoolMaxBytes', variables: ['SIMVUE_SPOOL_MAX_BYTES'], keys: ['offline.max_bytes'], type: 'number' },
  { option: 'journal', variables: ['SIMVUE_JOURNAL'], keys: ['offline.journal'], type: ['disk', 'memory'] },
  { option: 'transport', variables: ['SIMVUE_TRANSPORT'], keys: ['client.transport'], type: ['otlp', 'simvue'] },
  {
    option: 'suppressErrors',
    variables: ['SIMVUE_SUPPRESS_ERRORS'],
    keys: ['client.suppress_errors'],
    type: 'boolean',
  },
  {
    option: 'resourcesMetricsInterval',
    variables: ['SIMVUE_RESOURCES_METRICS_INTERVAL'],
    keys: ['metrics.resources_metrics_interval', 'metrics.system_metrics_interval'],
    type: 'number',
  },
  {
    option: 'disableResourcesMetrics',
    variables: ['SIMVUE_DISABLE_RESOURCES_METRICS'],
    keys: ['metrics.disable_resources_metrics'],
    type: 'boolean',
  },
  {
    option: 'abortOnAlert',
    variables: ['SIMVUE_ABORT_ON_ALERT'],
    keys: ['client.abort_on_alert'],
    type: ['terminate', 'run', 'ignore'],
  },
  {
    option: 'disableProvenance',
    variables: ['SIMVUE_DISABLE_PROVENANCE'],
    keys: ['run.disable_provenance'],
    type: 'boolean',
  },
  {
    option: 'recordShellVars',
    variables: ['SIMVUE_RECORD_SHELL_VARS'],
    keys: ['run.record_shell_vars'],
    type: 'list',
  },
] as const satisfies readonly Setting[];

/** What `init` takes; `[run.metadata]` of a file is added to the metadata of the call. */
export const RUN_SETTINGS = [
  { option: 'id', variables: ['SIMVUE_RUN_ID'], keys: [], type: 'text' },
  { option: 'role', variables: ['SIMVUE_RUN_ROLE'], keys: [], type: ['owner', 'member'] },
  { option: 'name', variables: ['SIMVUE_RUN_NAME'], keys: ['run.name'], type: 'text' },
  { option: 'folder', variables: ['SIMVUE_RUN_FOLDER'], keys: ['run.folder'], type: 'text' },
  { option: 'description', variables: ['SIMVUE_RUN_DESCRIPTION'], keys: ['run.description'], type: 'text' },
  { option: 'totalSteps', variables: ['SIMVUE_RUN_TOTAL_STEPS'], keys: ['run.total_steps'], type: 'number' },
  { option: 'tags', variables: ['SIMVUE_RUN_TAGS'], keys: ['run.tags'], type: 'list' },
] as const satisfies readonly Setting[];
