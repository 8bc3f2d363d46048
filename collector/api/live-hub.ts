import { formatTimestamp, NANOS_PER_MILLISECOND } from 'simvue-otel/time';
import type { RunActivity } from '../pipeline/run-resolver-port.ts';
import type { LiveChange, LiveHello } from './contract/live.ts';
import { type LiveSink, LiveSubscriber, type LiveSubscription } from './live-subscriber.ts';

const KEEP_ALIVE_MILLISECONDS = 15_000;
/** A reader that takes nothing for so long is gone. */
const STUCK_MILLISECONDS = 30_000;
const DEFAULT_MAX_SUBSCRIBERS = 1000;

export interface LiveStatistics {
  readonly subscribers: number;
  /** Changes sent since the start, over all readers. */
  readonly messages: number;
  /** Readers dropped because they took nothing. */
  readonly dropped: number;
}

/** Tells the readers of `GET /api/live` what changed; holds at most one merged change a reader. */
export interface LiveHub {
  publish(activity: Omit<RunActivity, 'bytes' | 'hasOwnPoints'>): void;
  runDeleted(runId: string): void;
  /**
   * Adds a reader and greets it.
   *
   * @param runIds - runs that it wants to hear of; empty = all.
   * @param mayRead - whether it may hear of a run; absent = of every one.
   * @returns undefined when there is no room for a further reader.
   */
  subscribe(
    sink: LiveSink,
    runIds: readonly string[],
    mayRead?: (runId: string) => boolean,
  ): LiveSubscription | undefined;
  readonly statistics: LiveStatistics;
  /** Ends every stream; nobody can subscribe any more. */
  close(): void;
}

/** @param options - version told in the greeting, and how many readers are served at once. */
export function createLiveHub(options: { readonly version: string; readonly maxSubscribers?: number }): LiveHub {
  const maxSubscribers = options.maxSubscribers ?? DEFAULT_MAX_SUBSCRIBERS;
  const subscribers = new Set<LiveSubscriber>();
  let [messages, dropped, closed] = [0, 0, false];
  let keepAlive: NodeJS.Timeout | undefined;

  const remove = (subscriber: LiveSubscriber): void => {
    subscribers.delete(subscriber);
    if (subscribers.size > 0) return;
    clearInterval(keepAlive);
    keepAlive = undefined;
  };
  const tick = (): void => {
    for (const subscriber of subscribers) {
      if (subscriber.stuckMilliseconds >= STUCK_MILLISECONDS) {
        dropped++;
        subscriber.abort();
      } else subscriber.keepAlive();
    }
  };
  const tell = (change: LiveChange['runs'][number]): void => {
    for (const subscriber of subscribers) subscriber.add(change);
  };

  return {
    publish: ({ runId, points, events, state }) => tell({ id: runId, points, events, state, deleted: false }),
    runDeleted: (runId) => tell({ id: runId, points: 0, events: 0, state: true, deleted: true }),
    subscribe(sink, runIds, mayRead = () => true) {
      if (closed || subscribers.size >= maxSubscribers) return undefined;
      const subscriber = new LiveSubscriber(sink, runIds, mayRead, {
        sent: () => messages++,
        ended: remove,
      });
      subscribers.add(subscriber);
      keepAlive ??= setInterval(tick, KEEP_ALIVE_MILLISECONDS).unref();
      const serverTime = formatTimestamp(BigInt(Date.now()) * NANOS_PER_MILLISECOND);
      subscriber.greet({ version: options.version, server_time: serverTime } satisfies LiveHello);
      return subscriber;
    },
    get statistics() {
      return { subscribers: subscribers.size, messages, dropped };
    },
    close() {
      closed = true;
      for (const subscriber of subscribers) subscriber.end();
    },
  };
}
