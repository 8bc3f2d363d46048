import type { Delivery } from './delivery.ts';
import { type DeliveryAnswer, retryDelayMillis } from './delivery-answer.ts';
import { errorText } from './errors.ts';
import type { FrameRange, FrameSource, LogName } from './frame-log.ts';
import type { RequestHead } from './otlp-writer.ts';
import type { Rejected } from './rejected-frames.ts';
import { WakeableTimer } from './wakeable-timer.ts';

const MIN_BATCH_ITEMS = 1000;
const MAX_BATCH_ITEMS = 10_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_DELAY_MILLIS = 1000;
/** What begins is seen soon: who has just printed the address of a run opens it. */
const FIRST_DELAY_MILLIS = 50;
const MISCONFIGURED_DELAY_MILLIS = 60_000;

/** What a sender tells about its work. */
interface SenderEvents {
  delivered(items: number): void;
  rejected(frame: Rejected): void;
  /** Data waits because of an answer that a setting causes, or because the server cannot be reached. */
  waiting(answer: DeliveryAnswer & { reason: string }): void;
}

export interface SenderParts {
  readonly signal: LogName;
  readonly log: FrameSource;
  /** What stands before the payloads of a request. */
  readonly head: Pick<RequestHead, 'request'>;
  /** Called before the first request: loads what only sending needs. */
  readonly connect: () => Promise<Delivery>;
  readonly events: SenderEvents;
}

/** Sends the frames of one log, in order, one request at a time, until the server has taken or refused each of them. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #pause = new WakeableTimer();
  #delivery: Delivery | undefined;
  #batchTimer: NodeJS.Timeout | undefined;
  #batchTurn: NodeJS.Immediate | undefined;
  /** Resolves with true when the log is empty, with false when a deadline passed first. */
  #running: Promise<boolean> | undefined;
  #closed = false;
  #delayMillis = FIRST_DELAY_MILLIS;
  #failures = 0;
  #maxBytes = MAX_BATCH_BYTES;
  /** While set, what is pending is sent at once, and given up at this time (milliseconds, monotonic). */
  #deadlineMillis: number | undefined;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Tells that the log has grown. Nothing is sent before the caller is done: a call that records must not pay for it. */
  notify(): void {
    if (this.#running !== undefined || this.#closed) return;
    if (this.#parts.log.pendingItems >= MIN_BATCH_ITEMS) {
      this.#batchTurn ??= setImmediate(() => void this.#start());
    } else if (this.#batchTimer === undefined) {
      this.#batchTimer = setTimeout(() => void this.#start(), this.#delayMillis);
      this.#batchTimer.unref();
    }
  }

  /**
   * Sends what is pending now.
   *
   * @returns true when nothing is left; false when `timeoutMillis` passed, or the server wants to wait longer than that.
   */
  async flush(timeoutMillis: number): Promise<boolean> {
    this.#deadlineMillis = performance.now() + timeoutMillis;
    const cut = setTimeout(() => this.#cut(), timeoutMillis);
    this.#pause.wake();
    while (this.#parts.log.pendingFrames > 0 && (await this.#start()));
    clearTimeout(cut);
    this.#deadlineMillis = undefined;
    return this.#parts.log.pendingFrames === 0;
  }

  /** Ends the request that is under way and closes the connections; what is pending stays in the log, which is not used any more. */
  async shutdown(): Promise<void> {
    this.#closed = true;
    this.#clearBatch();
    this.#deadlineMillis = performance.now();
    this.#cut();
    this.#delivery?.shutdown();
    await this.#running;
  }

  #cut(): void {
    this.#delivery?.abort();
    this.#pause.wake();
  }

  #clearBatch(): void {
    clearTimeout(this.#batchTimer);
    clearImmediate(this.#batchTurn);
    this.#batchTimer = undefined;
    this.#batchTurn = undefined;
  }

  #start(): Promise<boolean> {
    this.#clearBatch();
    this.#delayMillis = BATCH_DELAY_MILLIS;
    this.#running ??= this.#run()
      .catch((error) => {
        this.#parts.events.waiting({ kind: 'retry', reason: errorText(error) });
        return false;
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#parts.log.pendingFrames > 0) this.notify();
      });
    return this.#running;
  }

  async #run(): Promise<boolean> {
    this.#delivery ??= await this.#parts.connect();
    for (;;) {
      const range = this.#parts.log.range({ items: MAX_BATCH_ITEMS, payloadBytes: this.#maxBytes });
      if (range === undefined) return true;
      if (!(await this.#deliver(range, this.#delivery))) return false;
    }
  }

  /** @returns false when the deadline passed first. */
  async #deliver(range: FrameRange, delivery: Delivery): Promise<boolean> {
    const { log, events } = this.#parts;
    const answer = await this.#post(range, delivery);
    if (answer === undefined) return false;
    if (answer.kind === 'accepted') {
      log.release(range);
      events.delivered(range.items);
      return true;
    }
    if (range.frames === 1) {
      events.rejected({
        signal: this.#parts.signal,
        reason: answer.reason,
        items: range.items,
        body: this.#body(range),
      });
      log.release(range);
      return true;
    }
    if (answer.kind === 'too-large') this.#maxBytes = Math.max(1, Math.floor(range.payloadBytes / 2));
    const half = log.range({ frames: Math.floor(range.frames / 2) }, range.start);
    const rest = half && log.range({ frames: range.frames - half.frames }, half.end);
    if (half === undefined || rest === undefined) throw new RangeError('frames were released before their answer');
    return (await this.#deliver(half, delivery)) && this.#deliver(rest, delivery);
  }

  /** Posts until there is an answer about the data itself. */
  async #post(range: FrameRange, delivery: Delivery): Promise<Exclude<DeliveryAnswer, { kind: Waiting }> | undefined> {
    for (;;) {
      const answer = await delivery.post(this.#body(range));
      if (answer.kind !== 'retry' && answer.kind !== 'misconfigured') {
        this.#failures = 0;
        return answer;
      }
      this.#failures++;
      if (!this.#closed) this.#parts.events.waiting(answer);
      const delayMillis =
        answer.kind === 'misconfigured'
          ? MISCONFIGURED_DELAY_MILLIS
          : retryDelayMillis(this.#failures, answer.retryAfterMillis);
      if (!(await this.#wait(delayMillis))) return undefined;
    }
  }

  /** @returns false when the deadline comes first. */
  async #wait(delayMillis: number): Promise<boolean> {
    const beyondDeadline = () => performance.now() >= (this.#deadlineMillis ?? Infinity);
    if (performance.now() + delayMillis >= (this.#deadlineMillis ?? Infinity)) return false;
    await this.#pause.sleep(delayMillis, this.#deadlineMillis !== undefined);
    return !beyondDeadline();
  }

  #body(range: FrameRange): Buffer {
    const { body, payloadOffset } = this.#parts.head.request(range.payloadBytes);
    this.#parts.log.copyPayloads(range, body, payloadOffset);
    return body;
  }
}

type Waiting = 'retry' | 'misconfigured';
