import { type AlertArguments, alertDefinition } from '../alerts/alert-arguments.ts';
import type { ArtifactCategory } from '../artifacts/artifact.ts';
import type { SaveOptions } from '../artifacts/run-artifacts.ts';
import type { Metadata } from '../attributes.ts';
import { isError } from '../exception.ts';
import type { MetricValue } from '../metric-values.ts';
import { Run } from '../run.ts';
import type { LogEventOptions } from '../run-event.ts';
import { defined, type FolderArguments, type InitArguments, type InitOptions, type RunConfig } from '../run-options.ts';
import type { Timestamp } from '../timestamp.ts';
import { camelKeys, type EitherCase } from './snake-keys.ts';

/** Minutes, as the first clients had it. */
const ALERT_FREQUENCY_MINUTES = 5;

/** What goes with an artifact; `filetype` is the older spelling. */
type SaveKeys = EitherCase<SaveOptions> & { readonly filetype?: string };
/** The same, or type and `preserve_path` in this order. */
type SaveArguments = [options?: SaveKeys | string, preservePath?: boolean];

/** A run with the orders of arguments, names and defaults of the earlier clients. */
export class CompatRun extends Run {
  override config(config: EitherCase<RunConfig>): boolean {
    return super.config(camelKeys<RunConfig>(config));
  }

  override init(...args: InitArguments | [options: EitherCase<InitOptions>]): Promise<boolean> {
    const [first] = args;
    if (typeof first === 'object') return super.init(camelKeys<InitOptions>(first));
    return super.init(...(args as InitArguments));
  }

  override addAlert(...args: AlertArguments): boolean {
    return super.addAlert({ frequency: ALERT_FREQUENCY_MINUTES, ...alertDefinition(args) });
  }

  override logEvent(message: string | Error, timestampOrOptions: Timestamp | LogEventOptions = {}): boolean {
    const options = isOptions(timestampOrOptions) ? timestampOrOptions : { timestamp: timestampOrOptions };
    return super.logEvent(message, options);
  }

  override save(item: unknown, category: ArtifactCategory, ...options: SaveArguments): Promise<boolean> {
    return super.save(item, category, saveOptions(options));
  }

  override saveFile(path: string, category: ArtifactCategory, ...options: SaveArguments): Promise<boolean> {
    return super.saveFile(path, category, saveOptions(options));
  }

  override saveDirectory(directory: string, category: ArtifactCategory, ...options: SaveArguments): Promise<boolean> {
    return super.saveDirectory(directory, category, saveOptions(options));
  }

  override saveAll(items: readonly string[], category: ArtifactCategory, ...options: SaveArguments): Promise<boolean> {
    return super.saveAll(items, category, saveOptions(options));
  }

  /** `logMetrics` of the first client. */
  log(values: Readonly<Record<string, MetricValue>>): boolean {
    return this.logMetrics(values);
  }

  /** `logEvent` of the first client, which was given error objects. */
  event(message: unknown): boolean {
    return this.logEvent(isError(message) ? message : String(message));
  }

  /** `setFolderDetails` of the first client. */
  folderDetails(...args: FolderArguments): boolean {
    return this.setFolderDetails(...args);
  }

  /** `updateMetadata` of the first client. */
  metadata(metadata: Metadata): boolean {
    return this.updateMetadata(metadata);
  }
}

function saveOptions([first, preservePath]: SaveArguments): SaveOptions {
  if (typeof first !== 'object') return defined({ fileType: first, preservePath });
  const { filetype, ...options } = first;
  return { ...defined({ fileType: filetype }), ...camelKeys<SaveOptions>(options) };
}

function isOptions(value: Timestamp | LogEventOptions): value is LogEventOptions {
  return typeof value === 'object' && !(value instanceof Date) && !Array.isArray(value);
}
