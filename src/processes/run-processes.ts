import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAlert } from '../alerts/alert-definition.ts';
import { alertAttributes, alertStatusAttributes } from '../alerts/alert-record.ts';
import type { ArtifactCategory } from '../artifacts/artifact.ts';
import type { SaveOptions } from '../artifacts/run-artifacts.ts';
import type { AttributeMap } from '../attributes.ts';
import { errorText, SimvueError } from '../errors.ts';
import { LEVELS } from '../log-record.ts';
import type { RunSession } from '../run-session.ts';
import { EVENT, RUN_EVENT } from '../semconv.ts';
import { ChildProgram, type ProgramEnd, type ProgramOptions } from './child-program.ts';

/** A program that belongs to a run. */
export interface ProcessOptions extends ProgramOptions {
  /** First argument of the executable; saved as code. */
  readonly script?: string;
  /** Saved as input; `args` must name it if the program is to have it. */
  readonly inputFile?: string;
  /** Called when the program has ended. */
  readonly onCompletion?: (end: ProgramEnd) => void;
}

type SaveFile = (path: string, category: ArtifactCategory, options?: SaveOptions) => Promise<void>;

/** Programs that a run starts and watches: command as metadata, output as artifacts, exit code as a user alert. */
export class RunProcesses {
  readonly #session: RunSession;
  readonly #saveFile: SaveFile;
  readonly #running = new Map<string, ChildProgram>();
  readonly #ends = new Map<string, Promise<void>>();

  constructor(session: RunSession, saveFile: SaveFile) {
    this.#session = session;
    this.#saveFile = saveFile;
  }

  /**
   * Starts a program and waits for its end and for its output to be stored.
   *
   * @param identifier - of one program at a time: names the alert `<identifier>_exit_status` and the metadata `<identifier>_command`.
   */
  async add(identifier: string, { script, inputFile, onCompletion, ...program }: ProcessOptions): Promise<void> {
    if (typeof program.executable !== 'string' || program.executable === '') {
      throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `program "${identifier}": executable is missing`);
    }
    if (this.#ends.has(identifier)) {
      throw new SimvueError(
        'SIMVUE_ERR_CONFLICT',
        `program "${identifier}" is running: give another one another identifier`,
      );
    }
    const ended = this.#expectEnd(identifier);
    const args = [...(script === undefined ? [] : [script]), ...(program.args ?? [])];
    const alert = `${identifier}_exit_status`;
    const description = `Exit code of ${program.executable}`;
    this.#record(EVENT.alertDefine, alertAttributes(checkAlert({ name: alert, source: 'user', description })));
    const command = [program.executable, ...args].join(' ');
    this.#record(EVENT.runUpdate, new Map([[`${RUN_EVENT.metadataPrefix}${identifier}_command`, command]]));
    const directory = await mkdtemp(join(tmpdir(), 'simvue-process-'));
    const files = { out: join(directory, 'out'), err: join(directory, 'err') };
    try {
      const sources = Promise.allSettled([this.#saveGiven(script, 'code'), this.#saveGiven(inputFile, 'input')]);
      const end = await this.#run(identifier, { ...program, args }, files);
      const hasFailed = end.exitCode !== 0;
      this.#record(EVENT.alertStatus, alertStatusAttributes(alert, hasFailed ? 'critical' : 'ok'));
      if (hasFailed) this.#tell(`${identifier} ended with ${end.signal ?? `exit code ${end.exitCode}`}`);
      onCompletion?.(end);
      ended();
      for (const source of await sources) if (source.status === 'rejected') throw source.reason;
      await this.#saveOutput(files.out, `${identifier}.out`);
      await this.#saveOutput(files.err, `${identifier}.err`);
    } catch (error) {
      this.#record(EVENT.alertStatus, alertStatusAttributes(alert, 'critical'));
      this.#tell(`${identifier}: ${errorText(error)}`);
      throw error;
    } finally {
      ended();
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Ends a program, or all, with what they have started. */
  async kill(identifier?: string): Promise<void> {
    const programs = [...this.#running].filter(([key]) => identifier === undefined || key === identifier);
    await Promise.all(programs.map(([, program]) => program.kill()));
  }

  /** At the end of this process. */
  killNow(): void {
    for (const program of this.#running.values()) program.killNow();
  }

  get isRunning(): boolean {
    return this.#ends.size > 0;
  }

  /** Resolves when no program runs any more. */
  async finished(): Promise<void> {
    await Promise.all(this.#ends.values());
  }

  async #run(identifier: string, program: ProgramOptions, files: { out: string; err: string }): Promise<ProgramEnd> {
    const child = ChildProgram.start(program, files.out, files.err);
    this.#running.set(identifier, child);
    try {
      return await child.end;
    } finally {
      this.#running.delete(identifier);
    }
  }

  /** From here on `finished` waits, until the returned function is called. */
  #expectEnd(identifier: string): () => void {
    let hasEnded = () => {};
    const end = new Promise<void>((resolve) => {
      hasEnded = resolve;
    });
    this.#ends.set(identifier, end);
    return () => {
      if (this.#ends.get(identifier) === end) this.#ends.delete(identifier);
      hasEnded();
    };
  }

  async #saveGiven(path: string | undefined, category: ArtifactCategory): Promise<void> {
    if (path !== undefined) await this.#saveFile(path, category);
  }

  async #saveOutput(path: string, suffix: string): Promise<void> {
    const name = `${this.#session.identity.name}_${suffix}`;
    if ((await stat(path)).size > 0) await this.#saveFile(path, 'output', { name, fileType: 'text/plain' });
  }

  #record(eventName: string, attributes: AttributeMap): void {
    this.#session.record(eventName, { attributes }, true);
  }

  #tell(body: string): void {
    this.#session.record('', { body, severityNumber: LEVELS.error, severityText: 'ERROR' }, false);
  }
}
