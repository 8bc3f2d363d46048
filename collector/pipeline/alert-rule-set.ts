import { setImmediate } from 'node:timers/promises';
import { fitsPattern } from '../alert/metric-pattern.ts';
import type { AlertDefinition, AlertStore } from '../store/alert-store.ts';
import type { CatalogStore, RunRow } from '../store/catalog-store.ts';
import { DEFAULT_TENANT, LOCAL_USER } from './principal.ts';

/** Which runs get an alert: all that is given must fit. */
export interface RunSelector {
  /** The run has one of them. */
  readonly tags?: readonly string[] | undefined;
  /** Only `*` is special. */
  readonly folder?: string | undefined;
  readonly name?: string | undefined;
}

export interface SelectedAlert {
  readonly definition: AlertDefinition;
  /** Only runs of this one; undefined = the default one. */
  readonly tenant?: string | undefined;
  readonly runs: RunSelector;
}

const SETTING = 'alerts-file';
const MAX_SEEN = 100_000;
/** Rules taken up, or attached to a run, in one turn of the event loop: some milliseconds. */
const RULES_A_TURN = 100;

/**
 * Alerts that are attached to every run that fits: those of a file (the same rule read again is the same alert and keeps its state), and
 * those that name the tags of their runs.
 */
export class AlertRuleSet {
  readonly #alerts: Pick<AlertStore, 'create' | 'get' | 'change' | 'add' | 'automatic'>;
  readonly #catalog: Pick<CatalogStore, 'findRun' | 'liveRuns' | 'getSetting' | 'setSetting'>;
  /** How runs looked when they were last compared with the rules. */
  readonly #seen = new Map<string, string>();
  #selected: readonly { readonly id: string; readonly tenant: string; readonly runs: RunSelector }[] = [];

  constructor(
    alerts: Pick<AlertStore, 'create' | 'get' | 'change' | 'add' | 'automatic'>,
    catalog: Pick<CatalogStore, 'findRun' | 'liveRuns' | 'getSetting' | 'setSetting'>,
  ) {
    this.#alerts = alerts;
    this.#catalog = catalog;
  }

  /** Takes the rules of the file; one that is gone from it is switched off. */
  async set(rules: readonly SelectedAlert[]): Promise<void> {
    const selected: { id: string; tenant: string; runs: RunSelector }[] = [];
    for (const [index, { definition, tenant = DEFAULT_TENANT, runs }] of rules.entries()) {
      if (index % RULES_A_TURN === RULES_A_TURN - 1) await setImmediate();
      const { id } = await this.#alerts.create(definition, { user: LOCAL_USER, tenant }, true);
      await this.#enable(id, true);
      selected.push({ id, tenant, runs });
    }
    this.#selected = selected;
    this.#seen.clear();
    const known = (await this.#catalog.getSetting(SETTING)) ?? '[]';
    const ids = selected.map(({ id }) => id);
    const kept = new Set(ids);
    for (const id of JSON.parse(known) as string[]) if (!kept.has(id)) await this.#enable(id, false);
    if (JSON.stringify(ids) !== known) await this.#catalog.setSetting(SETTING, JSON.stringify(ids));
    if (ids.length === 0) return;
    for (const run of await this.#catalog.liveRuns()) await this.#attach(run);
  }

  /** The run is new, or its tags, folder or name may be different. */
  async runChanged(runId: string): Promise<void> {
    if (this.#selected.length + this.#alerts.automatic().length === 0) return;
    const run = this.#catalog.findRun(runId);
    if (run !== undefined) await this.#attach(run);
  }

  async #attach(run: RunRow): Promise<void> {
    const looks = JSON.stringify([run.name, run.folder, run.tags]);
    if (this.#seen.get(run.id) === looks) return;
    if (this.#seen.size >= MAX_SEEN) this.#seen.clear();
    this.#seen.set(run.id, looks);
    const automatic = this.#alerts.automatic().map(({ id, tenant, runTags: tags }) => ({ id, tenant, runs: { tags } }));
    const ids = [...this.#selected, ...automatic]
      .filter(({ tenant, runs }) => tenant === run.tenant && fits(runs, run))
      .map(({ id }) => id);
    for (let first = 0; first < ids.length; first += RULES_A_TURN) {
      if (first > 0) await setImmediate();
      await this.#alerts.add(run.id, ids.slice(first, first + RULES_A_TURN));
    }
  }

  async #enable(id: string, enabled: boolean): Promise<void> {
    const alert = await this.#alerts.get(id);
    if (alert !== undefined && alert.enabled !== enabled) await this.#alerts.change(id, { ...alert, enabled });
  }
}

function fits({ tags, folder, name }: RunSelector, run: RunRow): boolean {
  return (
    (tags === undefined || tags.some((tag) => run.tags.includes(tag))) &&
    (folder === undefined || fitsPattern(folder, run.folder)) &&
    (name === undefined || fitsPattern(name, run.name))
  );
}
