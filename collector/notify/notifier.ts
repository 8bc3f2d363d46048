import type { ChannelHealth, Channels } from '../pipeline/alert-message.ts';
import type { ChannelSettings } from './alerts-file.ts';
import { ChannelQueue, type QueueParts } from './channel-queue.ts';
import { createChannel, sendRate } from './create-channel.ts';
import { TargetCheck } from './target-check.ts';

export interface NotifierParts extends QueueParts {
  readonly environment: NodeJS.ProcessEnv;
  /** Told of channels that are used and not configured, once each. */
  readonly onUnknown: (name: string) => void;
}

/** Names that are remembered to be unknown. */
const MAX_UNKNOWN = 1_000;

/** The channels as they are configured now. */
export class Notifier implements Channels {
  readonly #parts: NotifierParts;
  readonly #unknown = new Set<string>();
  #names: ReadonlySet<string> = new Set();
  #queues = new Map<string, ChannelQueue>();
  forRuns: readonly string[] = [];
  #isStarted = false;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  get health(): ChannelHealth[] {
    return [...this.#queues.values()].map(({ health }) => health);
  }

  has(name: string): boolean {
    if (this.#names.has(name)) return true;
    if (!this.#unknown.has(name) && this.#unknown.size < MAX_UNKNOWN) {
      this.#unknown.add(name);
      this.#parts.onUnknown(name);
    }
    return false;
  }

  /**
   * Takes other channels; what waits in the outbox goes to the ones of the same name.
   *
   * @throws SimvueError `SIMVUE_ERR_CONFIG`: then everything stays as it was.
   */
  async configure(file: ChannelSettings): Promise<void> {
    const { environment, clock } = this.#parts;
    const check = new TargetCheck(file.allowPrivateRanges);
    const queues = new Map<string, ChannelQueue>();
    for (const [name, entry] of file.channels) {
      const channel = createChannel(name, entry, { check, environment, clock });
      queues.set(name, new ChannelQueue(channel, sendRate(entry), this.#parts));
    }
    this.#names = new Set(file.channels.keys());
    await this.close();
    this.#queues = queues;
    this.#unknown.clear();
    this.forRuns = file.runChannels;
    this.wake();
  }

  /** Links can be made now: sending begins. */
  start(): void {
    this.#isStarted = true;
    this.wake();
  }

  /** A message may wait. */
  wake(): void {
    if (!this.#isStarted) return;
    for (const queue of this.#queues.values()) queue.wake();
  }

  async close(): Promise<void> {
    const queues = [...this.#queues.values()];
    this.#queues = new Map();
    await Promise.all(queues.map((queue) => queue.close()));
  }
}
