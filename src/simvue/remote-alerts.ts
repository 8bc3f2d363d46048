import type { ControlClient } from '../control/control-client.ts';
import { SimvueError } from '../errors.ts';
import type { NewAlert } from './alert-json.ts';

interface AlertView {
  readonly id: string;
  readonly name: string;
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
    const id = await this.#create(json, signal);
    const others = (await this.#attached(signal)).filter(({ name }) => name !== json.name);
    const alerts = [...others.map((alert) => alert.id), id];
    await this.#client.jsonEventually({ method: 'PUT', path: `/runs/${this.#runId}`, json: { alerts }, signal });
    this.#ids.set(json.name, id);
  }

  /**
   * Sets the state of a user alert, which the run need not have.
   *
   * @param key - its id, or its name.
   * @throws `SIMVUE_ERR_INVALID_ARGUMENT` when there is none: that it is told again would not help.
   */
  async tell(
    key: { readonly id?: string; readonly name: string },
    status: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const id = key.id ?? this.#ids.get(key.name) ?? (await this.#find(key.name, signal));
    const path = `/alerts/${encodeURIComponent(id)}/status/${this.#runId}`;
    try {
      await this.#client.jsonEventually({ method: 'PUT', path, json: { status }, signal });
    } catch (error) {
      throw isKind(error, 'SIMVUE_ERR_NOT_FOUND') ? unknownAlert(id) : error;
    }
  }

  async #create(json: NewAlert, signal: AbortSignal): Promise<string> {
    const request = { method: 'POST', path: '/alerts', query: { deduplicate: 'true' }, json, signal } as const;
    try {
      return (await this.#client.jsonEventually<{ id: string }>(request)).id;
    } catch (error) {
      // Some servers answer so when they have it.
      if (isKind(error, 'SIMVUE_ERR_CONFLICT')) return this.#find(json.name, signal);
      throw error;
    }
  }

  async #find(name: string, signal: AbortSignal): Promise<string> {
    const hasName = (alert: AlertView) => alert.name === name;
    const found = (await this.#attached(signal)).find(hasName) ?? (await this.#all(signal)).find(hasName);
    if (found === undefined) throw unknownAlert(name);
    return found.id;
  }

  async #attached(signal: AbortSignal): Promise<AlertView[]> {
    const path = `/runs/${this.#runId}`;
    const run = await this.#client.jsonEventually<{ alerts?: { alert: AlertView }[] }>({ method: 'GET', path, signal });
    return (run.alerts ?? []).map(({ alert }) => alert);
  }

  async #all(signal: AbortSignal): Promise<AlertView[]> {
    const request = { method: 'GET', path: '/alerts', signal } as const;
    return (await this.#client.jsonEventually<{ data: AlertView[] }>(request)).data;
  }
}

function isKind(error: unknown, code: SimvueError['code']): boolean {
  return error instanceof SimvueError && error.code === code;
}

function unknownAlert(alert: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `there is no alert "${alert}": define it first`);
}
