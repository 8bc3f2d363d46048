import type { ArtifactCategory } from '../artifacts/artifact.ts';
import { errorText } from '../errors.ts';
import { trackEnvironment } from '../magnus/track-this.ts';
import { Run } from '../run.ts';
import type { InitOptions, RunConfig } from '../run-options.ts';
import { childEnvironment } from './child-environment.ts';
import { Command, type CommandEnd } from './command.ts';
import { FileTail, type TailListener } from './file-tail.ts';
import { LogEvents } from './log-events.ts';
import { LogMetrics, type MetricLog } from './log-metrics.ts';
import { matchingFiles } from './matching-files.ts';
import { Output, streamsOf } from './output.ts';
import { ProgressLine } from './progress-line.ts';
import type { Columns } from './reading.ts';
import { ShellScript } from './shell-script.ts';

const TAIL_MILLIS = 250;
const HELD =
  'The command has ended; what it has started still holds its output, which is recorded until Ctrl-C or SIGTERM.';
const EXIT_ALERT = 'exit_status';
/** With the level of lines that say none. */
const STREAMS = [
  ['stdout', 'info'],
  ['stderr', 'warn'],
] as const;

/** A command and what is to be recorded of it. */
export interface SidecarOptions {
  readonly config: RunConfig;
  readonly init: InitOptions;
  /** Program and arguments; not looked at with `shell`. */
  readonly command: readonly string[];
  /** A script for `/bin/sh` whose exported tracking variables are read when it has ended. */
  readonly shell?: string | undefined;
  readonly logs: readonly MetricLog[];
  readonly columns: Columns;
  /** Files whose lines are events. */
  readonly eventFiles: readonly string[];
  /** False: what the command prints is not recorded. */
  readonly recordOutput: boolean;
  /** Patterns of files: those of `output` are saved at the end, the others at the start. */
  readonly files: Readonly<Record<ArtifactCategory, readonly string[]>>;
  readonly onStart?: (run: Run) => void;
  /** Told what becomes an event of level `error` as well: what was asked for and is not there. */
  readonly onProblem?: (message: string) => void;
  /** Shows how far the run is while the command is silent. */
  readonly terminal?: NodeJS.WriteStream | undefined;
}

/** Runs one command as a run: watches it, and ends with it. */
export class Sidecar {
  readonly #options: SidecarOptions;
  readonly #run: Run;
  readonly #told = new Set<string>();
  #command: Command | undefined;
  #finished: Promise<CommandEnd> | undefined;

  constructor(options: SidecarOptions) {
    this.#options = options;
    this.#run = new Run({ ...options.config, abortOnAlert: 'run', onAbort: () => this.#abort() });
  }

  get run(): Run {
    return this.#run;
  }

  /** @returns how the command ended, when everything it left is recorded; the run ends with this process. */
  execute(): Promise<CommandEnd> {
    // What a run does beside its program keeps no process alive: this is the program.
    const alive = setInterval(() => undefined, TAIL_MILLIS);
    this.#finished ??= this.#execute().finally(() => clearInterval(alive));
    return this.#finished;
  }

  async #execute(): Promise<CommandEnd> {
    const { init, shell, recordOutput, files } = this.#options;
    const run = this.#run;
    const script = shell === undefined ? undefined : await ShellScript.prepare(shell);
    const words = script?.command ?? this.#options.command;
    await run.init({ ...init, metadata: { command: shell ?? words.join(' '), ...init.metadata } });
    run.createUserAlert({ name: EXIT_ALERT, description: 'Whether the command has failed.' });
    trackEnvironment(run);
    this.#options.onStart?.(run);
    for (const category of ['code', 'input'] as const) await this.#save(files[category], category);

    const logs = this.#options.logs.map((log) => ({
      ...log,
      metrics: new LogMetrics(run, log, this.#options.columns),
    }));
    const output = new Output([
      ...(recordOutput
        ? STREAMS.map(([stream, level]) => ({ stream, listener: new LogEvents(run, stream, level) }))
        : []),
      ...logs.flatMap(({ path, format, metrics: listener }) =>
        path === '-' ? streamsOf(format).map((stream) => ({ stream, listener, cutsFrames: true })) : [],
      ),
    ]);
    const tails = await this.#tails(logs.filter(({ path }) => path !== '-'));
    const timer = setInterval(() => void this.#read(tails), TAIL_MILLIS);
    const { terminal } = this.#options;
    const progress = terminal && new ProgressLine(run, terminal);
    this.#command = new Command(
      words,
      {
        ...(run.id === undefined ? process.env : childEnvironment(run.id, this.#options.config)),
        ...script?.environment,
      },
      {
        onOutput: (stream, piece) => {
          progress?.onOutput(stream, piece);
          output.onOutput(stream, piece);
        },
        onHeld: () => this.#options.onProblem?.(HELD),
      },
    );
    if (this.#command.pid !== undefined) run.setPid(this.#command.pid);

    const end = await this.#command.end;
    clearInterval(timer);
    progress?.end();
    output.end();
    await this.#read(tails, true);
    if (script !== undefined) trackEnvironment(run, await script.exported());
    for (const { path, metrics } of logs)
      if (!metrics.hasValues) this.#tell(`No values were found in ${path === '-' ? 'the output' : path}.`, true);
    this.#tellEnd(end);
    await this.#save(files.output, 'output');
    return end;
  }

  /** Logs are read from their beginning when the command makes them, else from their end. */
  async #tails(logs: readonly { readonly path: string; readonly metrics: TailListener }[]): Promise<FileTail[]> {
    const events = this.#options.eventFiles.map((path) => new FileTail(path, new LogEvents(this.#run, path, 'info')));
    const tails = [...logs.map(({ path, metrics }) => new FileTail(path, metrics)), ...events];
    for (const tail of tails) await tail.skip();
    return tails;
  }

  async #read(tails: readonly FileTail[], isLast = false): Promise<void> {
    for (const tail of tails) {
      try {
        await (isLast ? tail.end() : tail.read());
      } catch (error) {
        this.#tell(`A log cannot be read: ${errorText(error)}`, true);
      }
    }
  }

  async #save(patterns: readonly string[], category: ArtifactCategory): Promise<void> {
    for (const pattern of patterns) {
      const paths = await matchingFiles(pattern);
      if (paths.length === 0) this.#tell(`No file matches ${pattern}.`, true);
      for (const path of paths) await this.#run.saveFile(path, category, { preservePath: true });
    }
  }

  #tellEnd(end: CommandEnd): void {
    const hasFailed = end.kind !== 'exit' || end.exitCode !== 0;
    this.#run.logAlert(EXIT_ALERT, hasFailed ? 'critical' : 'ok');
    if (end.kind === 'not started') this.#tell(`The command cannot be started: ${end.reason}`, true);
    else if (end.kind === 'signal') this.#tell(`The command was ended by ${end.signal}.`);
    else if (hasFailed) this.#tell(`The command has failed with exit code ${end.exitCode}.`);
  }

  /** Each message once: a log that cannot be read is looked at again and again. */
  #tell(message: string, isProblem = false): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    if (isProblem) this.#options.onProblem?.(message);
    this.#run.logEvent(message, { level: 'error', attributes: { 'log.source': 'simvue' } });
  }

  async #abort(): Promise<void> {
    await this.#command?.kill();
    await this.#finished;
  }
}
