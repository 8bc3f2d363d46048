import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from 'simvue-otel/errors';
import type { AlertMessage, ChannelHealth } from '../pipeline/alert-message.ts';
import type { AlertStateStore, OutboxRow, OutboxStore } from '../store/alert-state-store.ts';
import type { Channel, Delivery } from './channel.ts';
import { DeliveryFailure } from './delivery-failure.ts';
import { sparkline } from './sparkline.ts';

const FIRST_RETRY_MILLISECONDS = 1_000;
const LONGEST_RETRY_MILLISECONDS = 300_000;
/** A receiver may ask to be left alone so long. */
const LONGEST_WISH_MILLISECONDS = 3_600_000;
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
  /** Something came while a call was under way. */
  #isAsked = false;
  /** What is told again, and has not been in this turn. */
  #repeated: readonly OutboxRow[] = [];
  /** Messages of the next call: fewer after a refusal, until the one that is refused is alone. */
  #groupSize: number;
  #sentMessages = 0;
  #failures = 0;
  #lastError: string | undefined;
  #lastSentAt: number | undefined;

  constructor(channel: Channel, rate: SendRate, parts: QueueParts) {
    this.#channel = channel;
    this.#rate = rate;
    this.#parts = parts;
    this.#groupSize = channel.groupSize;
    this.#tokens = rate.burst;
    this.#refilledAt = parts.clock();
  }

  get health(): ChannelHealth {
    const { name } = this.#channel;
    return {
      name,
      sentMessages: this.#sentMessages,
      waitingMessages: this.#parts.outbox.countWaiting(name),
      failures: this.#failures,
      lastError: this.#lastError,
      lastSentAt: this.#lastSentAt,
    };
  }

  /** Something may wait. While a call is under way or a retry is planned, it is that which goes on. */
  wake(): void {
    if (this.#isClosed || this.#pause !== undefined) return;
    this.#isAsked = true;
    if (this.#sending !== undefined) return;
    this.#isAsked = false;
    this.#sending = this.#sendAll()
      .catch((error: unknown) => {
        this.#parts.onError(error);
        this.#pauseFor(LONGEST_RETRY_MILLISECONDS / 10);
      })
      .finally(() => {
        this.#sending = undefined;
        if (this.#isAsked) this.wake();
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
        return this.#failed(ids, error);
      }
      this.#parts.outbox.markSent(this.#channel.name, ids);
      this.#failures = 0;
      this.#lastError = this.#channel.complaint;
      this.#sentMessages += rows.length;
      this.#lastSentAt = this.#parts.clock();
      this.#groupSize = Math.min(this.#channel.groupSize, this.#groupSize * 2);
    }
  }

  #failed(ids: readonly string[], error: unknown): void {
    const { isRefused = false, retryAfterMilliseconds = 0 } = error instanceof DeliveryFailure ? error : {};
    this.#failures++;
    this.#lastError = errorText(error);
    if (isRefused) this.#groupSize = Math.max(1, Math.floor(ids.length / 2));
    const pause = Math.min(LONGEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** (this.#failures - 1));
    const wish = Math.min(LONGEST_WISH_MILLISECONDS, retryAfterMilliseconds);
    this.#pauseFor(Math.max(wish, pause * (0.75 + Math.random() / 2)));
    this.#parts.outbox.markFailed(this.#channel.name, ids, this.#lastError);
  }

  /** What waits, else what has to be told again. */
  #next(): readonly OutboxRow[] {
    const { outbox, clock } = this.#parts;
    const { name, repeatMilliseconds } = this.#channel;
    const waiting = outbox.waiting(name, this.#groupSize);
    if (waiting.length > 0 || repeatMilliseconds === undefined) return waiting;
    if (clock() >= this.#repeatAt) {
      this.#repeatAt = clock() + repeatMilliseconds;
      this.#repeated = outbox.firing(name, MAX_REPEATED);
    }
    const next = this.#repeated.slice(0, this.#groupSize);
    this.#repeated = this.#repeated.slice(next.length);
    return next;
  }

  #planRepeat(): void {
    if (this.#channel.repeatMilliseconds === undefined) return;
    clearTimeout(this.#repeat);
    this.#repeat = setTimeout(() => this.wake(), Math.max(1, this.#repeatAt - this.#parts.clock())).unref();
  }

  #pauseFor(milliseconds: number): void {
    clearTimeout(this.#pause);
    if (this.#isClosed) return;
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
