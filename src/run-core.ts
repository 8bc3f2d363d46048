import type { AttributeMap } from './attributes.ts';
import { CALL_OPTIONS, checkOptions } from './call-options.ts';
import { findEndpoints, loadSettings } from './config/load-settings.ts';
import { checkConfig } from './config-check.ts';
import { tellProgram } from './control/abort-watch.ts';
import { findRun } from './control/find-run.ts';
import { errorText, SimvueError } from './errors.ts';
import { checkInit } from './init-settings.ts';
import type { Kind } from './option-kinds.ts';
import { recordProvenance } from './provenance/record-provenance.ts';
import type { Rejected } from './rejected-frames.ts';
import { Reports } from './reports.ts';
import { RunAreas } from './run-areas.ts';
import { countersOf, type RunCounters } from './run-counters.ts';
import { RunEnding } from './run-ending.ts';
import { mendRunName, nameProblem } from './run-name.ts';
import {
  defined,
  type InitArguments,
  type InitOptions,
  initOptions,
  type ReconnectOptions,
  type RunConfig,
  withDefaults,
} from './run-options.ts';
import { RunSession } from './run-session.ts';
import { checkStatus, isTerminal, type SettableStatus } from './run-status.ts';
import { RunTags } from './run-tags.ts';
import { RunTasks } from './run-tasks.ts';
import { settingsUpdate } from './run-update.ts';
import { EVENT, RUN_EVENT } from './semconv.ts';

const CONTROL_WAIT_MILLIS = 1000;
const CLOSE_TIMEOUT_MILLIS = 10_000;

/** The life of a run: configuration, start, end, and what becomes of errors. */
export abstract class RunCore implements AsyncDisposable {
  #config: RunConfig = {};
  readonly #reports = new Reports();
  #session: RunSession | undefined;
  #areas: RunAreas | undefined;
  readonly #tasks = new RunTasks();
  protected readonly runTags = new RunTags();
  #ending: RunEnding | undefined;
  #firstStep = 0;
  #invalid = 0;
  #status: SettableStatus | undefined;

  constructor(config: RunConfig = {}) {
    this.config(config);
  }

  /** The run's id, once `init` was called. */
  get id(): string | undefined {
    return this.#session?.identity.id;
  }

  /** Name of the run, also the one that `init` has made up. */
  get name(): string | undefined {
    return this.#session?.identity.name;
  }

  /** Path of its folder. */
  get folder(): string | undefined {
    return this.#session?.identity.folder;
  }

  /** Status as this program knows it. */
  get status(): SettableStatus | undefined {
    return this.#ending?.status ?? this.#status;
  }

  /** Seconds since this program started the run. */
  get duration(): number | undefined {
    const session = this.#session;
    return session && Number(session.clock.now() - session.startUnixNano) / 1e9;
  }

  /** Address of the run's page, once a simvue-otel-collector has answered at the control address. */
  get url(): string | undefined {
    return this.#session?.url;
  }

  /** Step of the first `logMetrics` call. */
  protected get firstStep(): number {
    return this.#firstStep;
  }

  /** What became of the data. */
  get counters(): RunCounters {
    return countersOf(this.#session?.sink, this.#invalid);
  }

  /** The newest data that the server refused, at most 100 requests and 1 MiB. */
  get rejected(): readonly Rejected[] {
    return this.#session?.sink.rejected ?? [];
  }

  /**
   * Changes the configuration; only before `init`.
   *
   * @throws `SIMVUE_ERR_CONFIG` that names the setting.
   */
  config(config: RunConfig): boolean {
    return this.guard(() => {
      if (this.#session !== undefined) throw notActive('config must be called before init');
      const { suppressErrors } = config;
      if (typeof suppressErrors === 'boolean') this.#config = { ...this.#config, suppressErrors };
      const { config: right, problems } = checkConfig(config);
      this.#config = { ...this.#config, ...right };
      if (problems[0] !== undefined) throw problems[0];
    });
  }

  /**
   * Starts the run: name, metadata, tags, description and folder, as one object or in this order.
   *
   * The run is started when this returns; the promise waits, a second at most, until `url` is known.
   *
   * @returns false when the run could not be started.
   * @see Simvue client reference, `init` (seed 003)
   */
  async init(...args: InitArguments): Promise<boolean> {
    const started = this.guard(() => this.#start(initOptions(args)));
    if (!started || this.#session === undefined) return false;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CONTROL_WAIT_MILLIS).unref();
    });
    await Promise.race([this.#session.askControl(), limit]);
    clearTimeout(timer);
    return true;
  }

  /**
   * Goes on with a run that there is: one that was created before, or one that is started again.
   *
   * @param nameOrId - the id, or the name of one run that is `created`.
   * @param options - with `firstStep` steps are counted from there; `attempt` is the one after the last by default.
   * @returns false when there is no such run or several, or when the collector does not answer.
   * @see Simvue client reference, `reconnect` (seed 003)
   */
  reconnect(nameOrId: string, options?: ReconnectOptions): Promise<boolean> {
    return this.#guardLater(async () => {
      const { attempt, firstStep, totalSteps } = this.checked('reconnect', options, CALL_OPTIONS.reconnect);
      const found = await findRun(findEndpoints(this.#config).control, nameOrId);
      const next = found.status === 'created' ? undefined : (found.attempt ?? 1) + 1;
      this.#start({
        id: found.id,
        name: found.name,
        folder: found.folder,
        ...defined({ attempt: attempt ?? next, firstStep, totalSteps }),
      });
    });
  }

  /** Sets the status; `completed`, `failed` and `terminated` end the run, `close` still has to send what is left. */
  setStatus(status: SettableStatus): boolean {
    return this.guard(() => {
      const { session } = this.active('setStatus');
      checkStatus(status);
      this.#status = status;
      if (isTerminal(status)) return this.#ending?.end(status, new Map()) ?? false;
      return session.record(EVENT.runUpdate, { attributes: new Map([[RUN_EVENT.status, status]]) }, true);
    });
  }

  /**
   * Ends the run as `completed`, unless a status that ends it was set, once programs of `addProcess` have ended, however
   * long they take; then sends what is left. Further calls do nothing.
   *
   * @returns false when data is left after `timeoutMs` (default 10 s).
   * @throws `SIMVUE_ERR_CLOSE_TIMEOUT` in that case with `suppressErrors: false`.
   */
  async close({ timeoutMs = CLOSE_TIMEOUT_MILLIS }: { timeoutMs?: number } = {}): Promise<boolean> {
    if (this.#areas?.processes.isRunning) await this.#areas.processes.finished();
    const drained = (await this.#ending?.close(timeoutMs)) ?? true;
    if (drained) return true;
    const message = `Not delivered within ${timeoutMs} ms: ${this.#ending?.pendingText}`;
    if (this.#config.suppressErrors === false) throw new SimvueError('SIMVUE_ERR_CLOSE_TIMEOUT', message);
    this.#reports.once('close', message);
    return false;
  }

  /** What somebody, or an alert, wants: the program is told, what it started is ended, the run is terminated. */
  async #abort(reason: string): Promise<void> {
    const { abortOnAlert = 'terminate', onAbort } = this.#config;
    await this.#guardLater(async () => {
      const { session, processes } = this.active('abort');
      this.#ending?.abort();
      session.record('', { body: `Aborted: ${reason}`, severityNumber: 13, severityText: 'WARN' }, true);
      await tellProgram(onAbort, reason).catch((error: unknown) => this.#failedCallback('onAbort', error));
      await processes.kill();
      if (this.#ending?.status === undefined) this.setStatus('terminated');
      await this.close().finally(() => abortOnAlert === 'terminate' && process.kill(process.pid, 'SIGTERM'));
    });
  }

  /** `await using run = new Run()` closes the run at the end of the block; only `withRun` sees that the block threw. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #start(given: InitOptions): void {
    if (this.#session !== undefined) throw notActive('init was called before');
    const settings = loadSettings(this.#config);
    for (const problem of settings.problems) this.#reports.once(problem, problem);
    const { config, problems: wrong } = checkConfig({ ...settings.config, ...defined(this.#config) });
    if (wrong[0] !== undefined) throw wrong[0];
    this.#config = config;
    const { options, problems } = checkInit(withDefaults(given, settings.run), this.runTags);
    if (problems.length > 0) this.refuse(problems);
    const status = options.status ?? (options.running === false ? 'created' : 'running');
    const session = new RunSession(this.#config, this.#checkIdentity(options), this.#reports, settings.environment);
    this.#session = session;
    this.#status = status;
    this.#firstStep = options.firstStep ?? 0;
    this.#areas = new RunAreas(session, this.#config, this.#reports, (reason) => void this.#abort(reason));
    const isCreated = () => this.#status === 'created';
    this.#ending = new RunEnding(session, { areas: this.#areas, tasks: this.#tasks, isCreated }, this.#reports);
    session.start();
    if (this.#config.mode !== 'disabled') this.#areas.start();
    const start: AttributeMap = new Map([
      [RUN_EVENT.status, status],
      [RUN_EVENT.role, options.role ?? 'owner'],
    ]);
    if (options.attempt !== undefined) start.set(RUN_EVENT.attempt, options.attempt);
    if (options.firstStep !== undefined) start.set(RUN_EVENT.firstStep, options.firstStep);
    session.record(EVENT.runStart, { timeUnixNano: session.startUnixNano, attributes: start }, true);
    const { mode, disableProvenance } = this.#config;
    if (options.role !== 'member' && mode !== 'disabled' && disableProvenance !== true) {
      this.#tasks.add(recordProvenance(session, options, this.#config, this.#reports));
    }
    const update = settingsUpdate(options);
    if (update.size > 0) session.record(EVENT.runUpdate, { attributes: update }, true);
  }

  /** With suppressed errors a wrong name is mended: a run must not be lost for a character. */
  #checkIdentity(options: InitOptions): InitOptions {
    const { id, name, role = 'owner' } = options;
    if (role !== 'owner' && role !== 'member') throw invalid(`role "${role}" is not owner or member`);
    if (id !== undefined && (typeof id !== 'string' || id === '' || id.length > 128))
      throw invalid('a run id has 1 to 128 characters');
    const wrong = name === undefined ? undefined : nameProblem(name);
    if (name === undefined || wrong === undefined) return options;
    const problem = `run name "${name.slice(0, 64)}" ${wrong}`;
    if (this.#config.suppressErrors === false) throw invalid(problem);
    this.refuse([problem]);
    return { ...options, name: mendRunName(name) };
  }

  /** Work that goes on beside the program: `close` waits for it. */
  protected later(what: string, work: (areas: RunAreas) => Promise<void>): Promise<boolean> {
    const done = this.#guardLater(async () => {
      const areas = this.active(what);
      if (this.#config.mode !== 'disabled') await work(areas);
    });
    this.#tasks.add(done.catch(() => false));
    return done;
  }

  /** What the run consists of while it is open. */
  protected active(what: string): RunAreas {
    if (this.#areas === undefined) throw notActive(`${what} needs init first`);
    if (this.#ending?.closed === true) throw notActive(`${what} came after close`);
    return this.#areas;
  }

  /** Options of a call without what is wrong in them, which is refused: a value must not be lost for a letter. */
  protected checked<Options extends object>(
    call: string,
    given: Options | undefined,
    kinds: Readonly<Record<keyof Options, Kind>>,
  ): Options {
    const { options, problems } = checkOptions(call, given, kinds);
    if (problems.length > 0) this.refuse(problems);
    return options;
  }

  protected refuse(problems: readonly string[]): void {
    if (this.#config.suppressErrors === false) throw invalid(problems.join('; '));
    this.#invalid += problems.length;
    for (const problem of problems) {
      this.#reports.few('invalid', `${problem} (left out; set suppressErrors to false to fail instead)`);
    }
  }

  /** Runs a method's work, of which `suppress` takes the errors. */
  protected guard(work: () => unknown): boolean {
    try {
      return work() !== false;
    } catch (error) {
      return this.suppress(error);
    }
  }

  async #guardLater(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      return this.suppress(error);
    }
  }

  /** A function of the program, whose mistake must not stop what goes on. */
  protected callback<Argument>(name: string, work: (argument: Argument) => void): (argument: Argument) => void {
    return (argument) => {
      try {
        work(argument);
      } catch (error) {
        this.#failedCallback(name, error);
      }
    };
  }

  #failedCallback(name: string, error: unknown): void {
    this.#invalid++;
    this.#reports.few('callback', `${name} failed: ${errorText(error)}`);
  }

  /** With suppressed errors a throw becomes a count and one warning for each kind. */
  protected suppress(error: unknown): false {
    const known = error instanceof SimvueError ? error : invalid(errorText(error), error);
    if (this.#config.suppressErrors === false) throw known;
    this.#invalid++;
    this.#reports.few(known.code, known.message);
    return false;
  }
}

function notActive(message: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_RUN_NOT_ACTIVE', message);
}

function invalid(message: string, cause?: unknown): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', message, { cause });
}
