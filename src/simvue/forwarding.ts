import type { ArtifactManifest } from '../artifacts/artifact.ts';
import { storeContent } from '../artifacts/artifact-upload.ts';
import { ControlClient, type ControlRequest } from '../control/control-client.ts';
import type { ArrayEntry, MetricEntry } from './entry-list.ts';
import type { EventEntry } from './log-entries.ts';
import { ensureFolder, type RemoteRun } from './remote-run.ts';
import { type NewRun, RemoteRuns } from './remote-runs.ts';

/** A Simvue server to which runs are forwarded. */
export interface ForwardingOptions {
  /** Base address without `/api`. */
  readonly url: string;
  readonly token: string | undefined;
  /** Told of each failure after which a request is tried again. */
  readonly onUnavailable: (error: Error) => void;
}

/**
 * A run at a Simvue server that stands for a run elsewhere; its requests go out one after the other.
 *
 * Every method tries until the server answers, and fails with a `SimvueError` when the answer is a refusal or `signal` aborts.
 */
export interface StandIn {
  /** Id of the run at the server. */
  readonly id: string;
  /** Sends values. */
  postMetrics(entries: readonly MetricEntry[], signal: AbortSignal): Promise<void>;
  /** Sends arrays of multi-dimensional metrics. */
  postArrays(entries: readonly ArrayEntry[], signal: AbortSignal): Promise<void>;
  /** Sends lines of its log. */
  postEvents(entries: readonly EventEntry[], signal: AbortSignal): Promise<void>;
  /** Changes the run, after everything that was said of it before; `json` is the body of `PUT /api/runs/{id}`. */
  change(json: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<void>;
}

/** Makes and finds the runs at a Simvue server that stand for runs elsewhere. */
export interface Forwarding {
  /** Finds or makes the run for `identity`: `simvue.run.id` of the run, or its id elsewhere. */
  standInFor(identity: string, run: NewRun, signal: AbortSignal): Promise<StandIn>;
  /** The run with an id of which it is known that it is there. */
  known(id: string): StandIn;
  /** Makes a folder unless it is there. @returns its id. */
  ensureFolder(path: string, signal: AbortSignal): Promise<string>;
  /** Asks about what belongs to no run alone, until the server answers. */
  ask<Answer>(request: ControlRequest & { readonly signal: AbortSignal }): Promise<Answer>;
  /**
   * Sends content that belongs to no run yet, until the server has it.
   *
   * @param open - reads the content from its start.
   * @param onAnnounced - told the id at the server before content is sent: what was begun can be found again.
   * @returns the id.
   */
  storeContent(
    manifest: Omit<ArtifactManifest, 'category'>,
    open: () => AsyncIterable<Uint8Array>,
    options: { readonly signal: AbortSignal; readonly onAnnounced: (id: string) => void },
  ): Promise<string>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** Opens the way to a Simvue server; nothing is sent yet. */
export function openForwarding({ url, token, onUnavailable }: ForwardingOptions): Forwarding {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client = new ControlClient({ url, headers }, onUnavailable);
  const runs = new RemoteRuns(client);
  return {
    standInFor: (identity, run, signal): Promise<RemoteRun> => runs.standInFor(identity, run, signal),
    known: (id) => runs.known(id, 0n),
    ensureFolder: (path, signal) => ensureFolder(client, path, signal),
    ask: (request) => client.jsonEventually(request),
    storeContent: (manifest, open, options) => storeContent(client, manifest, open, { ...options, onUnavailable }),
    close: () => client.close(),
  };
}
