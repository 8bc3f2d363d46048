import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from 'simvue-otel/errors';
import type { AlertMessage, ChannelHealth } from '../pipeline/alert-message.ts';
import type { AlertStateStore, OutboxRow, OutboxStore } from '../store/alert-state-store.ts';
import type { Channel, Delivery } from './channel.ts';
import { sparkline } from './sparkline.ts';

const FIRST_RETRY_MILLISECONDS = 1_000;
const LONGEST_RETRY_MILLISECONDS = 300_000;
/** A call that is under way when the collector stops may take so long. */
const CLOSE_MILLISECONDS = 2_000;
const SPARKLINE_VALUES = 30;
/** Messages of one call whose values are drawn. */
const MAX_DRAWN = 100;
/** Firing alerts that one channel is told of again and again. */
const MAX_REPEATED = 10_000;

export interface QueueParts {
  readonly outbox: OutboxStore;
  readonly states: Pick<AlertStateStore, 'evaluations'>;
  /** Base of the links, without a final slash. */
  readonly pageUrl: () => string;
  /** Wall time, milliseconds since the epoch. */
  readonly clock: () => number;
  /** The outbox itself failed. */
  readonly onError: (error: unknown) => void;
}

/** How often a channel may be used: more messages share a call. */
export interface SendRate {
  /** Calls at once, and calls a minute. */
  readonly burst: number;
  readonly perMinute: number;
}

/** Brings the messages of the outbox to one channel: at least once, those that wait together in one call, failed ones again and again. */
export class ChannelQueue {
  readonly #channel: Channel;
  readonly #rate: SendRate;
  readonly #parts: QueueParts;
  #tokens: number;
  #refilledAt: number;
  /** Until then nothing is sent: a failure, or the rate. */
  #pause: NodeJS.Timeout | undefined;
  #repeat: NodeJS.Timeout | undefined;
  #repeatAt = 0;
  #sending: Promise<void> | undefined;
  #isClosed = false;
  #sentMessages = 0;
  #failures = 0;
  #lastError: string | undefined;
  #lastSentAt: number | undefined;

  constructor(channel: Channel, rate: SendRate, parts: QueueParts) {
    this.#channel = channel;
    this.#rate = rate;
    this.#parts = parts;
    this.#tokens = rate.burst;
    this.#refilledAt = parts.clock();
  }

  get health(): ChannelHealth {
    const { name } = this.#channel;
    const [sentMessages, failures] = [this.#sentMessages, this.#failures];
    return { name, sentMessages, failures, lastError: this.#lastError, lastSentAt: this.#lastSentAt };
  }

  /** Something may wait. While a call is under way or a retry is planned, it is that which goes on. */
  wake(): void {
    if (this.#isClosed || this.#sending !== undefined || this.#pause !== undefined) return;
    this.#sending = this.#sendAll()
      .catch(this.#parts.onError)
      .finally(() => {
        this.#sending = undefined;
      });
  }

  /** What is not sent stays in the outbox. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#pause);
    clearTimeout(this.#repeat);
    await Promise.race([this.#sending, sleep(CLOSE_MILLISECONDS, undefined, { ref: false })]);
    await this.#channel.close();
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (!this.#isClosed) {
      const rows = this.#next();
      if (rows.length === 0) return this.#planRepeat();
      if (!this.#takeToken()) return this.#pauseFor(60_000 / this.#rate.perMinute);
      const ids = rows.map(({ id }) => id);
      try {
        await this.#channel.send(rows.map((row) => this.#deliveryOf(row, rows.length <= MAX_DRAWN)));
      } catch (error) {
        this.#failures++;
        this.#lastError = errorText(error);
        this.#parts.outbox.markFailed(this.#channel.name, ids, this.#lastError);
        const pause = Math.min(LONGEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** (this.#failures - 1));
        return this.#pauseFor(pause * (0.75 + Math.random() / 2));
      }
      this.#parts.outbox.markSent(this.#channel.name, ids);
      this.#failures = 0;
      this.#lastError = undefined;
      this.#sentMessages += rows.length;
      this.#lastSentAt = this.#parts.clock();
    }
  }

  /** What waits, else what has to be told again. */
  #next(): readonly OutboxRow[] {
    const { outbox, clock } = this.#parts;
    const { name, groupSize, repeatMilliseconds } = this.#channel;
    const waiting = outbox.waiting(name, groupSize);
    if (waiting.length > 0 || repeatMilliseconds === undefined || clock() < this.#repeatAt) return waiting;
    this.#repeatAt = clock() + repeatMilliseconds;
    return outbox.firing(name, MAX_REPEATED);
  }

  #planRepeat(): void {
    if (this.#channel.repeatMilliseconds === undefined) return;
    clearTimeout(this.#repeat);
    this.#repeat = setTimeout(() => this.wake(), Math.max(1, this.#repeatAt - this.#parts.clock())).unref();
  }

  #pauseFor(milliseconds: number): void {
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.wake();
    }, milliseconds).unref();
  }

  #takeToken(): boolean {
    const now = this.#parts.clock();
    const { burst, perMinute } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilledAt) / 60_000) * perMinute);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #deliveryOf({ message, runId, alertId, series }: OutboxRow, isDrawn: boolean): Delivery {
    const { states, pageUrl } = this.#parts;
    const evaluations = alertId === '' || !isDrawn ? [] : states.evaluations(alertId, runId);
    const values = evaluations.filter((one) => one.series === series).slice(0, SPARKLINE_VALUES);
    return {
      ...(JSON.parse(message) as AlertMessage),
      url: `${pageUrl()}/runs/${encodeURIComponent(runId)}`,
      sparkline: sparkline(values.map(({ value }) => value).reverse()),
    };
  }
}
