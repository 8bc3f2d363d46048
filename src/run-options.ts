import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Metadata } from './attributes.ts';
import type { EndpointOptions } from './endpoints.ts';
import { SimvueError } from './errors.ts';
import { isRecord } from './option-kinds.ts';

/** A pair of stock exporters that takes the place of our sender. */
export interface ExporterPair {
  readonly metrics: PushMetricExporter;
  readonly logs: LogRecordExporter;
}

/** Whether a run is sent, kept on disk only, or nothing at all. */
export type RunMode = (typeof MODES)[number];

/** What must be known before `init`. */
export interface RunConfig extends EndpointOptions {
  /** Name of the `[profiles.<name>]` in the configuration file whose server is used. */
  readonly profile?: string;
  /** True: neither git, lock file and graphics processors nor variables become metadata. */
  readonly disableProvenance?: boolean;
  /** Names of environment variables that are kept as metadata; `*` at the end stands for any ending. */
  readonly recordShellVars?: readonly string[];
  /** True (default): errors are counted and warned about once; false: they are thrown. */
  readonly suppressErrors?: boolean;
  /** Seconds between samples of the process's CPU and memory use; default 30. */
  readonly resourcesMetricsInterval?: number;
  /** The newer name of `resourcesMetricsInterval`. */
  readonly systemMetricsInterval?: number;
  /** True: the use of processor and memory is not sampled. */
  readonly disableResourcesMetrics?: boolean;
  /** Settings of earlier clients, without effect: no call ever waits, and unsent data has room up to `spoolMaxBytes`. */
  readonly queueBlocking?: boolean;
  readonly queueSize?: number;
  /** `online` (default) sends as the run goes, `offline` only keeps a journal for `simvue sync`, `disabled` does nothing. */
  readonly mode?: RunMode;
  /** Where unsent data waits: on `disk` (default) it outlives the process, in `memory` it does not. */
  readonly journal?: (typeof JOURNALS)[number];
  /** Directory of the journals; default: `SIMVUE_OFFLINE_DIRECTORY`, else in the user's data folder. */
  readonly spoolDirectory?: string;
  /** Most bytes that the journals of the directory may take together; default 10 GiB. */
  readonly spoolMaxBytes?: number;
  /** With `journal: 'memory'`: room for data that is not yet sent, bytes; default 128 MiB. */
  readonly memoryLimitBytes?: number;
  /** `simvue`: over the REST API of a Simvue server, from memory; default `otlp`. */
  readonly transport?: (typeof TRANSPORTS)[number];
  /** Takes the place of our sender, from memory. */
  readonly exporter?: ExporterPair;
  /**
   * What happens when the run is to be aborted, by an alert or a person: `terminate` (default) ends the programs of the
   * run, the run, and this process with SIGTERM; `run` leaves this process alone; `ignore` does nothing.
   */
  readonly abortOnAlert?: 'terminate' | 'run' | 'ignore';
  /** Called first, and waited for, five minutes at most: the program may save its work. */
  readonly onAbort?: (reason: string) => Promise<void> | void;
}

/** What describes a run at its start. */
export interface InitOptions {
  /** 1 to 128 characters; default: 22 random ones. */
  readonly id?: string;
  /** Default: two random words, `adjective-noun`. */
  readonly name?: string;
  readonly metadata?: Metadata;
  readonly tags?: readonly string[];
  readonly description?: string;
  /** Default `/`. */
  readonly folder?: string;
  readonly status?: 'created' | 'running';
  /** False = `status: 'created'`. */
  readonly running?: boolean;
  /** `member`: joins the run with this id, which its owner started; only the owner ends it. Default: `owner`. */
  readonly role?: 'owner' | 'member';
  /** Of which ends of the run its owner is told; default `none`. */
  readonly notification?: (typeof NOTIFICATIONS)[number];
  /** Who may read the run beside its owner: everybody, the tenant, nobody, or these users. */
  readonly visibility?: 'public' | 'tenant' | 'private' | readonly string[];
  /** For how long the run is kept after its end: seconds, or text like `2 days`. Default: for ever. */
  readonly retentionPeriod?: number | string;
  /** Which start of the run this is, from 1 on, when it is started again; default: the first. */
  readonly attempt?: number;
  /** First step of this attempt: `logMetrics` counts from it. */
  readonly firstStep?: number;
  /** Steps that the run will make: the page shows how far it is and when it is expected to end. */
  readonly totalSteps?: number;
  /** Seconds without a sign of life after which the run is lost; null = never. Default: the collector's, 180. */
  readonly timeout?: number | null;
}

/** What `reconnect` says about the new attempt of the run. */
export type ReconnectOptions = Pick<InitOptions, 'attempt' | 'firstStep' | 'totalSteps'>;

/** Arguments of `init`: one object, or name, metadata, tags, description, folder. */
export type InitArguments =
  | [options?: InitOptions]
  | [
      name: string | undefined,
      metadata?: Metadata | undefined,
      tags?: readonly string[] | undefined,
      description?: string | undefined,
      folder?: string | undefined,
    ];

/** Arguments of `setFolderDetails`: path (default: the run's folder) and details, as an object or one by one. */
export type FolderArguments =
  | [details: FolderDetails]
  | [path: string | undefined, details: FolderDetails]
  | [
      path: string | undefined,
      metadata?: Metadata | undefined,
      tags?: readonly string[] | undefined,
      description?: string | undefined,
    ];

/** What a folder says of itself; what is left out stays. */
export interface FolderDetails {
  readonly metadata?: Metadata;
  readonly tags?: readonly string[];
  readonly description?: string;
}

/** Ends of a run of which somebody can be told. */
export const NOTIFICATIONS = ['none', 'all', 'error', 'lost'] as const;
export const MODES = ['online', 'offline', 'disabled'] as const;
export const JOURNALS = ['disk', 'memory'] as const;
export const TRANSPORTS = ['otlp', 'simvue'] as const;
const FOLDER_KEYS = ['metadata', 'tags', 'description'];

/** Puts the positional form of `init` into the object form. */
export function initOptions(args: InitArguments): InitOptions {
  if (args.length === 0 || (typeof args[0] === 'object' && args[0] !== null)) return (args[0] ?? {}) as InitOptions;
  const [name, metadata, tags, description, folder] = args as [
    string?,
    Metadata?,
    (readonly string[])?,
    string?,
    string?,
  ];
  return defined({ name, metadata, tags, description, folder });
}

/** Options of a call, completed from outside of the program; metadata are those of both. */
export function withDefaults(given: InitOptions, defaults: InitOptions): InitOptions {
  if (given.metadata !== undefined && !isRecord(given.metadata)) return { ...defaults, ...defined(given) };
  const metadata = { ...defaults.metadata, ...given.metadata };
  const options = { ...defaults, ...defined(given) };
  return Object.keys(metadata).length === 0 ? options : { ...options, metadata };
}

/** Puts every form of `setFolderDetails` into path and details. */
export function folderDetails(args: FolderArguments): { path: string | undefined; details: FolderDetails } {
  const [path, second, tags, description] = args as [unknown, unknown, string[]?, string?];
  if (typeof path === 'object' && path !== null) return { path: undefined, details: path as FolderDetails };
  const positional = args.length > 2 || !isDetails(second);
  const details = positional ? defined({ metadata: second as Metadata, tags, description }) : (second as FolderDetails);
  return { path: path as string | undefined, details };
}

/** An object that only has the keys of details is details; any other is the metadata of the positional form. */
function isDetails(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).every((key) => FOLDER_KEYS.includes(key));
}

/** A path that starts with `/` and does not end with it, save the root. */
export function normalizeFolder(folder: string): string {
  if (typeof folder !== 'string') throw invalid(`folder ${String(folder)} is not a path`);
  return `/${folder
    .split('/')
    .filter((part) => part.trim() !== '')
    .join('/')}`;
}

/** Tags without repetition, in their order. */
export function uniqueTags(tags: readonly string[]): string[] {
  if (!Array.isArray(tags)) throw invalid(`tags ${String(tags)} are not a list of texts`);
  const wrong = tags.findIndex((tag: unknown) => tag === '' || !['string', 'number'].includes(typeof tag));
  if (wrong !== -1) throw invalid(`tag ${wrong + 1} of ${tags.length} is not a text`);
  return [...new Set(tags.map(String))];
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined. */
export function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
}

function invalid(message: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', message);
}
