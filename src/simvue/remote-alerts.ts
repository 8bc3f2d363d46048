import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import type { NewAlert } from './alert-json.ts';

interface AttachedAlert {
  readonly alert: { readonly id: string; readonly name: string };
}

/** The alerts of a run on a Simvue server. */
export class RemoteAlerts {
  readonly #client: ControlClient;
  readonly #runId: string;
  /** Ids by name, of those that were defined from here. */
  readonly #ids = new Map<string, string>();

  constructor(client: ControlClient, runId: string) {
    this.#client = client;
    this.#runId = runId;
  }

  /** Gives the run an alert, in place of one with this name; an equal definition that is there is taken. */
  async define(json: NewAlert, signal: AbortSignal): Promise<void> {
    const query = { deduplicate: 'true' };
    const request = { method: 'POST', path: '/alerts', query, json, signal } as const;
    const { id } = await this.#client.jsonEventually<{ id: string }>(request);
    const others = (await this.#attached(signal)).filter(({ alert }) => alert.name !== json.name);
    const alerts = [...others.map(({ alert }) => alert.id), id];
    await this.#client.jsonEventually({ method: 'PUT', path: `/runs/${this.#runId}`, json: { alerts }, signal });
    this.#ids.set(json.name, id);
  }

  /**
   * Sets the state of a user alert.
   *
   * @param key - its id, or its name in this run.
   * @throws `SIMVUE_ERR_INVALID_ARGUMENT` when the run has none of this name.
   */
  async tell(
    key: { readonly id?: string; readonly name: string },
    status: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const id = key.id ?? this.#ids.get(key.name) ?? (await this.#find(key.name, signal));
    const path = `/alerts/${encodeURIComponent(id)}/status/${this.#runId}`;
    await this.#client.jsonEventually({ method: 'PUT', path, json: { status }, signal });
  }

  async #find(name: string, signal: AbortSignal): Promise<string> {
    const found = (await this.#attached(signal)).find(({ alert }) => alert.name === name);
    if (found !== undefined) return found.alert.id;
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `the run has no alert "${name}": define it first`);
  }

  async #attached(signal: AbortSignal): Promise<readonly AttachedAlert[]> {
    const path = `/runs/${this.#runId}`;
    const run = await this.#client.jsonEventually<{ alerts?: readonly AttachedAlert[] }>({
      method: 'GET',
      path,
      signal,
    });
    return run.alerts ?? [];
  }
}
