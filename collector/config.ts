import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { configError, SimvueError } from 'simvue-otel/errors';
import { type ExportConfig, readExports } from './export-config.ts';

/** Everything the collector can be told; each key is a flag of `simvue-collector`. */
export interface CollectorConfig {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** OTLP/gRPC: undefined = none, 0 = any free port. */
  readonly grpcPort: number | undefined;
  readonly dataDirectory: string;
  /** Which resources become runs: all, or only those with a `simvue.run.*` attribute. */
  readonly accept: 'any' | 'simvue';
  /** Base of every link; undefined = the address that was asked for. */
  readonly publicUrl: string | undefined;
  /** Address of a Grafana dashboard with `{run}`, `{from}` and `{to}` in it; undefined = runs have no link to one. */
  readonly grafanaUrl: string | undefined;
  readonly logLevel: string;
  /** New runs a minute; more are refused with a reason. */
  readonly maxNewRunsPerMinute: number;
  readonly maxBodyBytes: number;
  /** Largest content of an artifact. */
  readonly maxArtifactBytes: number;
  /** Undefined = plain HTTP. */
  readonly tls: TlsConfig | undefined;
  /** Another address than loopback may be served without TLS. */
  readonly isInsecure: boolean;
  /** On loopback every user of this machine is let in, not only the one of this process. */
  readonly isLoopbackOpen: boolean;
  /** Requests a second with one token. */
  readonly maxRequestRate: number;
  /** Channels and rules of alerts; undefined = neither. */
  readonly alertsFile: string | undefined;
  /** What `window` and `frequency` of alerts count in REST: Simvue's documentation says minutes, one of its clients seconds. */
  readonly alertUnit: 'minutes' | 'seconds';
  /** Servers to which everything is forwarded. */
  readonly exports: readonly ExportConfig[];
  /** What waits for each of them at the most, in the ingest log. */
  readonly maxExportQueueBytes: number;
}

/** Files in PEM format. */
export interface TlsConfig {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Certificates signed by it are let in without a token. */
  readonly clientCaFile: string | undefined;
}

export const DEFAULT_PORT = 4318;
export const DEFAULT_GRPC_PORT = 4317;
export const BEHIND_COLLECTOR_PORT = 4328;
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads the command line.
 *
 * @param version - printed by `--version`.
 * @returns undefined when help or the version was asked for (and printed).
 * @throws SimvueError `SIMVUE_ERR_CONFIG` that names the flag and the fix.
 */
export function readConfig(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  version: string,
): CollectorConfig | undefined {
  const command = createCommand(environment, version);
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new SimvueError('SIMVUE_ERR_CONFIG', `${oneLine(error.message)}. See simvue-collector --help`);
  }
  const flags = command.opts<Flags>();
  return {
    host: flags.host,
    port: flags.port ?? (flags.behindCollector ? BEHIND_COLLECTOR_PORT : DEFAULT_PORT),
    grpcPort: grpcPortOf(flags),
    dataDirectory: flags.data,
    accept: flags.accept ?? (isLoopback(flags.host) ? 'any' : 'simvue'),
    publicUrl: flags.publicUrl === undefined ? undefined : checkUrl('--public-url', flags.publicUrl),
    grafanaUrl: flags.grafanaUrl === undefined ? undefined : checkUrl('--grafana-url', flags.grafanaUrl),
    logLevel: flags.logLevel,
    maxNewRunsPerMinute: flags.maxNewRuns,
    maxBodyBytes: flags.maxBody * (1 << 20),
    maxArtifactBytes: flags.maxArtifact * 2 ** 30,
    tls: readTls(flags),
    isInsecure: flags.insecure,
    isLoopbackOpen: flags.openLoopback,
    maxRequestRate: flags.maxRequestRate,
    alertsFile: flags.alerts,
    alertUnit: flags.alertUnit,
    exports: readExports(flags.export ?? [], environment),
    maxExportQueueBytes: flags.exportQueue * 2 ** 30,
  };
}

interface Flags {
  host: string;
  port?: number;
  grpcPort?: number;
  data: string;
  behindCollector: boolean;
  accept?: 'any' | 'simvue';
  publicUrl?: string;
  grafanaUrl?: string;
  logLevel: string;
  maxNewRuns: number;
  maxBody: number;
  maxArtifact: number;
  tlsCert?: string;
  tlsKey?: string;
  tlsClientCa?: string;
  insecure: boolean;
  openLoopback: boolean;
  maxRequestRate: number;
  alerts?: string;
  alertUnit: 'minutes' | 'seconds';
  export?: readonly string[];
  exportQueue: number;
}

function createCommand(environment: NodeJS.ProcessEnv, version: string): Command {
  return new Command('simvue-collector')
    .description(
      'Receives OpenTelemetry data of simulation and training runs, keeps it, and shows it live in a web page.',
    )
    .version(version)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port <number>',
      `port for OTLP/HTTP, the REST API and the page (default: ${DEFAULT_PORT})`,
      integer('--port', 0, 65_535),
    )
    .option(
      '--grpc-port <number>',
      `port for OTLP/gRPC, 0 = none (default: ${DEFAULT_GRPC_PORT}; none with --port or --behind-collector)`,
      integer('--grpc-port', 0, 65_535),
    )
    .option(
      '--behind-collector',
      `a stock OpenTelemetry Collector on this host has port ${DEFAULT_PORT}: listen on ${BEHIND_COLLECTOR_PORT}`,
      false,
    )
    .option('--data <directory>', 'where runs are kept', defaultDataDirectory(environment))
    .addOption(
      new Option(
        '--accept <which>',
        'resources that become runs: any (default on loopback), or only those with a simvue.run.* attribute',
      ).choices(['any', 'simvue']),
    )
    .option('--tls-cert <file>', 'certificate (PEM): serve HTTPS')
    .option('--tls-key <file>', 'its key (PEM)')
    .option('--tls-client-ca <file>', 'let in clients with a certificate signed by this one (PEM)')
    .option('--insecure', 'listen on another address than loopback without TLS', false)
    .option('--open-loopback', 'let in every user of this machine, not only yours', false)
    .option('--public-url <url>', 'address under which people reach the page, when it is not the one it listens on')
    .option('--grafana-url <url>', 'dashboard of a run, with {run}, {from} and {to} where its id and its time go')
    .addOption(
      new Option('--log-level <level>', 'least severity that is printed')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('warn'),
    )
    .option(
      '--max-new-runs <number>',
      'new runs a minute over OTLP, with each token',
      integer('--max-new-runs', 1, 1_000_000),
      100,
    )
    .option('--max-body <MiB>', 'largest request after inflating', integer('--max-body', 1, 60), 32)
    .option(
      '--max-request-rate <number>',
      'requests a second with one token',
      integer('--max-request-rate', 1, 1_000_000),
      1_000,
    )
    .option('--alerts <file>', 'channels and rules of alerts (YAML), read again when it changes')
    .addOption(
      new Option('--alert-unit <unit>', 'what window and frequency of alerts count')
        .choices(['minutes', 'seconds'])
        .default('minutes'),
    )
    .option('--max-artifact <GiB>', 'largest artifact', integer('--max-artifact', 1, 65_536), 64)
    .option(
      '--export <target>',
      'forward everything to another Simvue server: simvue=URL, with ,token-file=FILE (else SIMVUE_EXPORT_TOKEN) and ,deletions=yes; may be given several times',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--export-queue <GiB>',
      'what waits for each of them on disk at the most',
      integer('--export-queue', 1, 65_536),
      10,
    )
    .addHelpText(
      'after',
      '\nTokens: simvue-collector token create|list|revoke (see simvue-collector token --help)\n\nExamples:\n  simvue-collector\n  simvue-collector --port 4400 --grpc-port 4401 --data ./runs\n  simvue-collector --behind-collector',
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

/** Whoever chose another port for HTTP has most likely something else on the usual ones. */
function grpcPortOf({ grpcPort, port, behindCollector }: Flags): number | undefined {
  const isUsual = port === undefined && !behindCollector;
  return (grpcPort ?? (isUsual ? DEFAULT_GRPC_PORT : 0)) || undefined;
}

/** commander puts its suggestion on a line of its own. */
function oneLine(message: string): string {
  return message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
}

function integer(flag: string, least: number, greatest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= greatest) return value;
    throw configError(
      flag,
      `"${text}" is not an integer from ${least} to ${greatest}`,
      `Give for example ${flag} ${Math.max(least, Math.min(greatest, DEFAULT_PORT))}`,
    );
  };
}

/** True for the addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.has(host);
}

function readTls({ tlsCert, tlsKey, tlsClientCa }: Flags): TlsConfig | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined)
    throw configError('--tls-cert', 'is missing', 'Give certificate and key: --tls-cert FILE --tls-key FILE');
  if (tlsKey === undefined)
    throw configError('--tls-key', 'is missing', 'Give certificate and key: --tls-cert FILE --tls-key FILE');
  return { certificateFile: tlsCert, keyFile: tlsKey, clientCaFile: tlsClientCa };
}

function checkUrl(flag: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return text.replace(/\/+$/, '');
  throw configError(
    flag,
    `"${text}" is not an http or https address`,
    `Give for example ${flag} https://runs.example.org`,
  );
}

/** The user's data folder, by the conventions of the platform. */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv): string {
  const named = environment['SIMVUE_COLLECTOR_DATA'];
  if (named !== undefined && named !== '') return named;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'simvue-otel');
  if (process.platform === 'win32') return join(environment['LOCALAPPDATA'] ?? homedir(), 'simvue-otel');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'simvue-otel');
}
