import { configError, type SimvueError } from './errors.ts';
import {
  ABOVE_ZERO,
  BOOLEAN,
  FUNCTION,
  isRecord,
  type Kind,
  oneOf,
  RECORD,
  TEXT,
  TEXTS,
  wrongOptions,
} from './option-kinds.ts';
import { JOURNALS, MODES, type RunConfig, TRANSPORTS } from './run-options.ts';

const CREDENTIAL: Kind = {
  words: 'a text without spaces and line ends',
  accepts: (value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
};
const EXPORTERS: Kind = {
  words: 'a pair { metrics, logs } of exporters',
  accepts: (value) => isRecord(value) && isRecord(value['metrics']) && isRecord(value['logs']),
};
const PATH: Kind = { words: 'a path', accepts: (value) => typeof value === 'string' && value !== '' };

const KINDS: Readonly<Record<keyof RunConfig, Kind>> = {
  url: TEXT,
  token: CREDENTIAL,
  headers: RECORD,
  caCertificate: PATH,
  clientCertificate: PATH,
  clientKey: PATH,
  profile: TEXT,
  disableProvenance: BOOLEAN,
  recordShellVars: TEXTS,
  suppressErrors: BOOLEAN,
  resourcesMetricsInterval: ABOVE_ZERO,
  systemMetricsInterval: ABOVE_ZERO,
  disableResourcesMetrics: BOOLEAN,
  queueBlocking: BOOLEAN,
  queueSize: ABOVE_ZERO,
  mode: oneOf(...MODES),
  journal: oneOf(...JOURNALS),
  spoolDirectory: PATH,
  spoolMaxBytes: ABOVE_ZERO,
  memoryLimitBytes: ABOVE_ZERO,
  transport: oneOf(...TRANSPORTS),
  exporter: EXPORTERS,
  abortOnAlert: oneOf('terminate', 'run', 'ignore'),
  onAbort: FUNCTION,
};

/** A configuration without what is wrong in it, and what that is. */
export interface CheckedConfig {
  readonly config: RunConfig;
  /** `SIMVUE_ERR_CONFIG`, each naming its key. */
  readonly problems: readonly SimvueError[];
}

/** Checks a configuration: a wrong setting does not take the right ones with it. */
export function checkConfig(given: RunConfig): CheckedConfig {
  const wrong = wrongOptions(given, KINDS);
  const right = Object.fromEntries(Object.entries(given).filter(([key]) => !wrong.has(key)));
  const { systemMetricsInterval: resourcesMetricsInterval, ...config } = right as RunConfig;
  const problems = [...wrong].map(([key, problem]) => configError(key, problem, 'Leave it out for the default.'));
  return {
    config: resourcesMetricsInterval === undefined ? config : { resourcesMetricsInterval, ...config },
    problems,
  };
}
