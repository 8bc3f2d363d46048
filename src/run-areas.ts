import type { ArtifactStore } from './artifacts/artifact.ts';
import { ArtifactUploads } from './artifacts/artifact-uploads.ts';
import { RunArtifacts } from './artifacts/run-artifacts.ts';
import { type AbortState, AbortWatch } from './control/abort-watch.ts';
import { ControlClient } from './control/control-client.ts';
import { SimvueError } from './errors.ts';
import { JournaledArtifacts } from './journal/journaled-artifacts.ts';
import { SpooledArtifacts } from './journal/spooled-artifacts.ts';
import { RunProcesses } from './processes/run-processes.ts';
import type { Reports } from './reports.ts';
import { RunResources } from './resources/run-resources.ts';
import type { RunConfig } from './run-options.ts';
import type { RunSession } from './run-session.ts';

/** What a run does over the REST API and with files; each part is made when it is first used. */
export class RunAreas {
  readonly session: RunSession;
  readonly #end = new AbortController();
  #control: ControlClient | undefined;
  #idAtServer: Promise<string> | undefined;
  #artifactStore: ArtifactStore | undefined;
  #artifacts: RunArtifacts | undefined;

  /** Undefined when it is not wanted. */
  readonly resources: RunResources | undefined;

  readonly processes: RunProcesses;
  readonly #abort: AbortWatch | undefined;
  readonly #reports: Reports;

  /** @param onAbort - called once when somebody, or an alert, wants the run to end. */
  constructor(session: RunSession, config: RunConfig, reports: Reports, onAbort: (reason: string) => void) {
    this.session = session;
    this.#reports = reports;
    this.processes = new RunProcesses(session, (...args) => this.artifacts.saveFile(...args));
    const isWatched = session.control !== undefined && config.abortOnAlert !== 'ignore';
    this.#abort = isWatched ? new AbortWatch(() => this.#askAbort(), onAbort) : undefined;
    this.resources = config.disableResourcesMetrics === true ? undefined : new RunResources(session, config, reports);
  }

  /** Starts what works beside the program. */
  start(): void {
    this.resources?.start();
  }

  /** Ends what works beside the program; what is under way goes on. */
  stop(): void {
    this.resources?.stop();
    this.#abort?.stop();
  }

  /** Id of the run in the REST API; asked for until it is known. */
  idAtServer(): Promise<string> {
    this.#idAtServer ??= this.session.idAtServer(this.signal).catch((error: unknown) => {
      this.#idAtServer = undefined;
      throw error;
    });
    return this.#idAtServer;
  }

  get artifacts(): RunArtifacts {
    this.#artifactStore ??= this.#createArtifactStore();
    this.#artifacts ??= new RunArtifacts(this.#artifactStore);
    return this.#artifacts;
  }

  /** @throws `SIMVUE_ERR_CONFIG` when no address is known. */
  get control(): ControlClient {
    const { control } = this.session;
    if (control === undefined) {
      throw new SimvueError('SIMVUE_ERR_CONFIG', 'url: no address of a collector is known. Set SIMVUE_URL.');
    }
    this.#control ??= new ControlClient(control);
    return this.#control;
  }

  /** Aborts with the run: what is under way ends. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Gives up what is under way. */
  shutdown(): void {
    this.#end.abort(new SimvueError('SIMVUE_ERR_CLOSE_TIMEOUT', 'the run was closed before this was done'));
    this.processes.killNow();
    this.#artifactStore?.shutdown();
    void this.#control?.close();
  }

  /** A plain OpenTelemetry Collector at the address is not asked. */
  async #askAbort(): Promise<AbortState> {
    if (!this.session.hasServer) return { status: false };
    const id = await this.idAtServer();
    return this.control.json({ method: 'GET', path: `/runs/${encodeURIComponent(id)}/abort` });
  }

  /** Offline into the journal; online into the journal first, if there is one. */
  #createArtifactStore(): ArtifactStore {
    const { spool, control } = this.session;
    const spooled = spool && new SpooledArtifacts(spool.directory, spool.maxBytes);
    if (spooled !== undefined && control === undefined) return spooled;
    const uploads = new ArtifactUploads(this.control, () => this.idAtServer());
    if (spooled === undefined) return uploads;
    const hasServer = () => this.session.hasServer;
    return new JournaledArtifacts({ uploads, spool: spooled, hasServer, reports: this.#reports });
  }
}
