import { inspect } from 'node:util';
import { type AlertArguments, alertDefinition } from './alerts/alert-arguments.ts';
import { type AlertWith, checkAlert } from './alerts/alert-definition.ts';
import { type AlertStatus, alertAttributes, alertStatusAttributes } from './alerts/alert-record.ts';
import { attachExistingAlerts } from './alerts/existing-alerts.ts';
import type { ArtifactCategory } from './artifacts/artifact.ts';
import type { RunArtifacts, SaveOptions } from './artifacts/run-artifacts.ts';
import { type AttributeMap, flattenMetadata, type Metadata } from './attributes.ts';
import { areMetricsOptions, CALL_OPTIONS } from './call-options.ts';
import { SimvueError } from './errors.ts';
import { checkGrid, type NumberGrid } from './grids/number-grid.ts';
import {
  checkStepAndTime,
  checkValues,
  type LogMetricsOptions,
  type MetricValue,
  runTimeToSend,
} from './metric-values.ts';
import { FROM_ONE } from './option-kinds.ts';
import { isProcess } from './processes/child-program.ts';
import type { ProcessOptions } from './processes/run-processes.ts';
import { RunCore } from './run-core.ts';
import { eventRecords, type LogEventOptions } from './run-event.ts';
import { type FolderArguments, folderDetails } from './run-options.ts';
import type { RunSession } from './run-session.ts';
import { folderUpdate, totalStepsUpdate } from './run-update.ts';
import { EVENT, RUN_EVENT } from './semconv.ts';
import { formatTimestamp } from './time.ts';
import { type Timestamp, timestampToUnixNano } from './timestamp.ts';

/**
 * Tracks one simulation, processing or training task.
 *
 * No method blocks or waits for the network except `close`; nothing is thrown unless `suppressErrors` is false.
 *
 * @see Simvue client reference, `Run` (seed 003)
 */
export class Run extends RunCore {
  #calls = 0;

  /** Step that the next `logMetrics` call without a step will have. */
  get nextStep(): number {
    return this.firstStep + this.#calls;
  }

  /**
   * Records the values of one step; each call without a step is one step after the call before it, whatever step that had.
   *
   * Every value is a data point of its own; they are on disk when the call returns. About two microseconds a call.
   *
   * @param values - numbers by metric name (1 to 255 characters); names with the same part before a dot share a plot.
   * @param options - step (integer), time (seconds since the start of the run), timestamp.
   * @returns false when a value was left out (see `counters`).
   * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a wrong value, `SIMVUE_ERR_RUN_NOT_ACTIVE` before `init`; with `suppressErrors: false` only, as everywhere.
   * @see Simvue client reference, `log_metrics` (seed 003)
   */
  logMetrics(values: Readonly<Record<string, MetricValue>>, options?: LogMetricsOptions): boolean;
  logMetrics(
    values: Readonly<Record<string, MetricValue>>,
    step?: number,
    time?: number,
    timestamp?: Timestamp,
  ): boolean;
  logMetrics(
    values: Readonly<Record<string, MetricValue>>,
    stepOrOptions?: number | LogMetricsOptions,
    time?: number,
    timestamp?: Timestamp,
  ): boolean {
    try {
      if (typeof stepOrOptions !== 'object' || stepOrOptions === null)
        return this.#log(values, stepOrOptions, time, timestamp);
      if (!areMetricsOptions(stepOrOptions)) this.checked('logMetrics', stepOrOptions, CALL_OPTIONS.logMetrics);
      return this.#log(values, stepOrOptions.step, stepOrOptions.time, stepOrOptions.timestamp);
    } catch (error) {
      return this.suppress(error);
    }
  }

  /**
   * Records a message, or an error with its type, message and stack.
   *
   * @param message - line breaks are kept; above 256 KiB it becomes several events; what is no text is kept as `console.log` prints it.
   * @returns false when it was not taken.
   * @see Simvue client reference, `log_event` (seed 003)
   */
  logEvent(message: string | Error, options?: LogEventOptions): boolean {
    return this.guard(() => {
      const { session } = this.active('logEvent');
      const checked = this.checked('logEvent', options, CALL_OPTIONS.logEvent);
      const taken = eventRecords(message, checked).map((record) => session.record('', record, false));
      return taken.every(Boolean);
    });
  }

  /**
   * Adds metadata, or replaces what has the same key.
   *
   * @param metadata - values that JSON has, dates, at most 64 KiB each; nested objects become dotted keys.
   * @see Simvue client reference, `update_metadata` (seed 003)
   */
  updateMetadata(metadata: Metadata): boolean {
    return this.#update((_, problems) => flattenMetadata(metadata, RUN_EVENT.metadataPrefix, problems));
  }

  /**
   * Adds tags to those that the run has, up to 1,000.
   *
   * @see Simvue client reference, `update_tags` (seed 003)
   */
  updateTags(tags: readonly string[]): boolean {
    return this.#update((_, problems) => new Map([[RUN_EVENT.tagsAdded, this.runTags.add(tags, problems)]]));
  }

  /** Replaces all tags. */
  setTags(tags: readonly string[]): boolean {
    return this.#update((_, problems) => new Map([[RUN_EVENT.tagsSet, this.runTags.set(tags, problems)]]));
  }

  /** Says how many steps the run will make, an integer from 1 on: the page shows how far it is and when it is expected to end. */
  setTotalSteps(totalSteps: number): boolean {
    return this.#update(() => {
      if (FROM_ONE.accepts(totalSteps)) return totalStepsUpdate(totalSteps);
      throw new SimvueError(
        'SIMVUE_ERR_INVALID_ARGUMENT',
        `totalSteps must be ${FROM_ONE.words}, not ${inspect(totalSteps)}`,
      );
    });
  }

  /**
   * Describes a folder (default: the run's own): details as an object, or metadata, tags, description in this order.
   *
   * @see Simvue client reference, `set_folder_details` (seed 003)
   */
  setFolderDetails(...args: FolderArguments): boolean {
    return this.#update((session, problems) => {
      const { path, details } = folderDetails(args);
      return folderUpdate(
        path ?? session.identity.folder,
        this.checked('setFolderDetails', details, CALL_OPTIONS.setFolderDetails),
        problems,
      );
    });
  }

  /**
   * Stores a file as it is now, under its name. Nothing has to be awaited: `close` does.
   *
   * @param path - of the file; what is added to it later is not stored.
   * @param category - what it is to the run: `code`, `input` or `output`.
   * @param options - another name, metadata, MIME type, `preservePath` (the path as the name), `onProgress`.
   * @returns false when it could not be stored, or kept for later.
   * @see Simvue client reference, `save` (seed 003)
   */
  saveFile(path: string, category: ArtifactCategory, options?: SaveOptions): Promise<boolean> {
    return this.#save('saveFile', category, options, (artifacts, checked) =>
      artifacts.saveFile(path, category, checked),
    );
  }

  /**
   * Stores an object as it is now, under a name.
   *
   * @param value - text, bytes and streams as they are; arrays of numbers as NumPy, lists of flat records as CSV, Plotly figures, anything else as JSON.
   */
  saveObject(value: unknown, category: ArtifactCategory, options: SaveOptions & { name: string }): Promise<boolean> {
    return this.#save('saveObject', category, options, (artifacts, checked) =>
      artifacts.saveObject(value, category, checked),
    );
  }

  /** Stores every file below a directory; their names are the paths below it. */
  saveDirectory(directory: string, category: ArtifactCategory, options?: SaveOptions): Promise<boolean> {
    return this.#save('saveDirectory', category, options, (artifacts, checked) =>
      artifacts.saveDirectory(directory, category, checked),
    );
  }

  /** Stores files and directories, as `saveFile` and `saveDirectory` do. */
  saveAll(paths: readonly string[], category: ArtifactCategory, options?: SaveOptions): Promise<boolean> {
    return this.#save('saveAll', category, options, (artifacts, checked) =>
      artifacts.saveAll(paths, category, checked),
    );
  }

  /** Stores a file when given its path, else an object, which needs a name. */
  save(item: unknown, category: ArtifactCategory, options?: SaveOptions): Promise<boolean> {
    return this.#save('save', category, options, (artifacts, checked) =>
      typeof item === 'string'
        ? artifacts.saveFile(item, category, checked)
        : artifacts.saveObject(item, category, checked),
    );
  }

  /**
   * Defines an alert of the run: as an object, or in the orders of the first clients, told apart by the second argument.
   *
   * Frequency and window are minutes, fractions allowed. The collector evaluates it while the run goes on.
   *
   * @throws `SIMVUE_ERR_INVALID_ARGUMENT` that names the alert and the field.
   * @see Simvue client references, `add_alert` (seeds 000 to 003)
   */
  addAlert(...args: AlertArguments): boolean {
    return this.guard(() => {
      const { session } = this.active('addAlert');
      return session.record(
        EVENT.alertDefine,
        { attributes: alertAttributes(checkAlert(alertDefinition(args))) },
        true,
      );
    });
  }

  /** Defines an alert on a metric that is above or below a threshold. */
  createMetricThresholdAlert(alert: AlertWith<'metric' | 'rule' | 'threshold'>): boolean {
    return this.addAlert({ ...alert, source: 'metrics' });
  }

  /** Defines an alert on a metric that is inside or outside a range. */
  createMetricRangeAlert(alert: AlertWith<'metric' | 'rule' | 'rangeLow' | 'rangeHigh'>): boolean {
    return this.addAlert({ ...alert, source: 'metrics' });
  }

  /** Defines an alert on events that hold a text, or match a regular expression (`patternType: 'regex'`). */
  createEventAlert(alert: AlertWith<'pattern'>): boolean {
    return this.addAlert({ ...alert, source: 'events' });
  }

  /** Defines an alert whose state the program sets with `logAlert`. */
  createUserAlert(alert: AlertWith<never>): boolean {
    return this.addAlert({ ...alert, source: 'user' });
  }

  /**
   * Gives the run alerts that the server has.
   *
   * @param alerts - names or ids.
   * @returns false when one of them is not there.
   */
  addAlerts(alerts: readonly string[]): Promise<boolean> {
    return this.later('addAlerts', async (areas) => {
      await attachExistingAlerts(areas.control, await areas.idAtServer(), alerts, areas.signal);
    });
  }

  /**
   * Sets the state of a user alert.
   *
   * @param alert - its name, or its id of 22 letters and digits.
   */
  logAlert(alert: string, status: AlertStatus): boolean {
    return this.guard(() => {
      const { session } = this.active('logAlert');
      return session.record(EVENT.alertStatus, { attributes: alertStatusAttributes(alert, status) }, true);
    });
  }

  /** Samples the resource use of another process and its children instead of this one. */
  setPid(pid: number): boolean {
    return this.guard(() => {
      const { resources } = this.active('setPid');
      if (!isProcess(pid)) throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `there is no process ${inspect(pid)}`);
      resources?.setPid(pid);
    });
  }

  /**
   * Starts a program that belongs to the run: its command becomes metadata, its output artifacts, its exit code the user
   * alert `<identifier>_exit_status`. `close` waits for its end.
   *
   * @returns when the program has ended and its output is stored; false when it could not be started.
   */
  addProcess(identifier: string, options: ProcessOptions): Promise<boolean> {
    return this.later('addProcess', ({ processes }) => {
      const { onCompletion, ...checked } = this.checked('addProcess', options, CALL_OPTIONS.addProcess);
      const told = onCompletion && { onCompletion: this.callback('onCompletion', onCompletion) };
      return processes.add(identifier, { ...checked, ...told });
    });
  }

  /** Ends a program of `addProcess`, or all of them, with what they have started. */
  killProcess(identifier?: string): Promise<boolean> {
    return this.later('killProcess', ({ processes }) => processes.kill(identifier));
  }

  /**
   * Says what metrics are measured in, before their first values.
   *
   * @param units - UCUM units by metric name, for example `{ pressure: 'Pa' }`.
   */
  setMetricUnits(units: Readonly<Record<string, string>>): boolean {
    return this.guard(() => {
      const { sink } = this.active('setMetricUnits').session;
      for (const [name, unit] of Object.entries(units)) {
        if (typeof unit !== 'string')
          throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `unit of "${name}" is no text`);
        sink.setUnit(name, unit);
      }
    });
  }

  /**
   * Gives a metric whose values are arrays the grid on which they lie; without one it is from 0 to 1.
   *
   * @param ticks - one or two axes, first the one along a row.
   */
  assignMetricToGrid(
    metric: string,
    grid: string,
    ticks: readonly (readonly number[])[],
    labels: readonly string[],
  ): Promise<boolean> {
    return this.later('assignMetricToGrid', async ({ session }) => {
      checkGrid(metric, grid, ticks, labels);
      session.sink.assignGrid({ metric, name: grid, grid: ticks, labels });
    });
  }

  #log(
    given: Readonly<Record<string, MetricValue>>,
    wantedStep?: number | null,
    wantedTime?: number | null,
    timestamp?: Timestamp | null,
  ): boolean {
    const { session } = this.active('logMetrics');
    const time = wantedTime ?? undefined;
    checkStepAndTime(wantedStep ?? undefined, time);
    const timeUnixNano = timestamp == null ? session.clock.now() : timestampToUnixNano(timestamp);
    const { names, values, grids, problems } = checkValues(given);
    if (problems.length > 0) this.refuse(problems);
    const step = wantedStep ?? this.nextStep;
    this.#calls++;
    const runTime = runTimeToSend(time, timeUnixNano, session.startUnixNano);
    const taken = session.sink.writePoints(names, values, timeUnixNano, step, runTime);
    let complete = taken === names.length && problems.length === 0;
    for (const [metric, grid] of grids) complete = this.#logGrid(metric, grid, step, timeUnixNano, time) && complete;
    return complete;
  }

  #logGrid(metric: string, values: NumberGrid, step: number, timeUnixNano: bigint, time: number | undefined): boolean {
    const { session } = this.active('logMetrics');
    const seconds = time ?? Number(timeUnixNano - session.startUnixNano) / 1e9;
    const point = { metric, step, time: seconds, timestamp: formatTimestamp(timeUnixNano) };
    return session.sink.writeGrid(point, values);
  }

  #save(
    what: string,
    category: ArtifactCategory,
    options: SaveOptions | undefined,
    work: (artifacts: RunArtifacts, options: SaveOptions) => Promise<void>,
  ): Promise<boolean> {
    return this.later(what, ({ artifacts }) => {
      const { onProgress, ...checked } = this.checked(what, options, CALL_OPTIONS.save);
      const told = onProgress && { onProgress: this.callback('onProgress', onProgress) };
      if (category !== 'output' || this.status !== 'created') return work(artifacts, { ...checked, ...told });
      throw new SimvueError('SIMVUE_ERR_RUN_NOT_ACTIVE', 'output needs a run that is running');
    });
  }

  /** @param change - adds to `problems` what is wrong with the values that it leaves out. */
  #update(change: (session: RunSession, problems: string[]) => AttributeMap): boolean {
    return this.guard(() => {
      const { session } = this.active('an update');
      const problems: string[] = [];
      const attributes = change(session, problems);
      if (problems.length > 0) this.refuse(problems);
      const taken = attributes.size === 0 || session.record(EVENT.runUpdate, { attributes }, true);
      return taken && problems.length === 0;
    });
  }
}
