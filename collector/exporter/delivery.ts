import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, errorText, SimvueError } from 'simvue-otel/errors';
import type { ExportHealth } from './export-health.ts';

/** Address or credentials are wrong: the data is kept until the setting is mended, at either end. */
const SETTING_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SIMVUE_ERR_UNAUTHORISED',
  'SIMVUE_ERR_FORBIDDEN',
  'SIMVUE_ERR_MALFORMED',
]);
/** Without a run that could be gone, what is not found is the server. */
export const SERVER_CODES: ReadonlySet<ErrorCode> = new Set([...SETTING_CODES, 'SIMVUE_ERR_NOT_FOUND']);
/** Where an answer of 403 may be about one thing only. */
export const UNREACHABLE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SIMVUE_ERR_UNAUTHORISED',
  'SIMVUE_ERR_MALFORMED',
]);
const SETTING_RETRY_MILLISECONDS = 60_000;
/** One entry may spoil the others of its request. */
const DIVISIBLE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SIMVUE_ERR_INVALID_ARGUMENT',
  'SIMVUE_ERR_TOO_LARGE',
]);
/** Requests in a row that are looked through for what spoils them: beyond, they are refused as a whole. */
const MAX_SEARCHES = 200;

/** Requests to one target, each until it is answered: taken, or refused for good. */
export class Delivery {
  readonly signal: AbortSignal;
  readonly #health: ExportHealth;
  #searches = 0;

  /** @param signal - ends everything; what is under way fails. */
  constructor(signal: AbortSignal, health: ExportHealth) {
    this.signal = signal;
    this.#health = health;
  }

  /**
   * @param keptCodes - errors after which the same is tried again in a minute.
   * @returns why it was refused.
   * @throws when the signal ended it.
   */
  async attempt(
    work: () => Promise<unknown>,
    keptCodes: ReadonlySet<ErrorCode> = SETTING_CODES,
  ): Promise<SimvueError | undefined> {
    for (;;) {
      try {
        await work();
        this.#health.answered();
        return undefined;
      } catch (error) {
        if (this.signal.aborted || !(error instanceof SimvueError)) throw error;
        if (!keptCodes.has(error.code)) return error;
        this.#health.failed(errorText(error));
        await sleep(SETTING_RETRY_MILLISECONDS, undefined, { signal: this.signal });
      }
    }
  }

  /** Sends entries together, and in halves when the target refuses something in them. */
  async send<Entry>(
    entries: readonly Entry[],
    itemsOf: (entry: Entry) => number,
    post: (entries: readonly Entry[]) => Promise<void>,
  ): Promise<void> {
    if (entries.length === 0) return;
    const items = entries.reduce((sum, entry) => sum + itemsOf(entry), 0);
    const refused = await this.attempt(() => post(entries));
    if (refused === undefined) {
      this.#health.sentItems += items;
      this.#searches = Math.max(0, this.#searches - 1);
    } else if (entries.length > 1 && DIVISIBLE_CODES.has(refused.code) && this.#searches < MAX_SEARCHES) {
      this.#searches++;
      const half = entries.length >> 1;
      await this.send(entries.slice(0, half), itemsOf, post);
      await this.send(entries.slice(half), itemsOf, post);
    } else {
      this.#health.refuse(refused.code, items, refused.message);
    }
  }
}
