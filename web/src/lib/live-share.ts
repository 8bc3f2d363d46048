import { type LiveMessage, LiveStream } from './live-stream.ts';

const HIDDEN_MILLISECONDS = 30_000;

/** What a tab says of itself, or wants. */
export type LiveAsk = 'visible' | 'hidden' | 'leave' | 'retry' | 'restart';

/**
 * One stream for any number of tabs; it gives its connection back when none of them has been seen for 30 s.
 *
 * @param connect - opens `GET /api/live`.
 * @returns what a tab joins with: it is told how things are, then what happens, and gets the function that it asks with.
 */
export function shareLive(
  connect: (signal: AbortSignal) => Promise<Response>,
): (tell: (message: LiveMessage) => void) => (ask: LiveAsk) => void {
  /** Tabs, and whether they are seen. */
  const tabs = new Map<(message: LiveMessage) => void, boolean>();
  let closing: ReturnType<typeof setTimeout> | undefined;
  const stream = new LiveStream(connect, (message) => {
    for (const tell of tabs.keys()) tell(message);
  });
  const look = () => {
    clearTimeout(closing);
    if ([...tabs.values()].includes(true)) stream.want(true);
    else closing = setTimeout(() => stream.want(false), HIDDEN_MILLISECONDS);
  };
  let running: Promise<never> | undefined;
  return (tell) => {
    tabs.set(tell, true);
    tell({ status: stream.status });
    // What changed after the tab had read and before it joined.
    if (stream.status.state === 'live') tell({ changes: 'everything' });
    else stream.retry();
    look();
    running ??= stream.run();
    return (ask) => {
      if (ask === 'retry') stream.retry();
      else if (ask === 'restart') stream.restart();
      else if (ask === 'leave') tabs.delete(tell);
      else tabs.set(tell, ask === 'visible');
      look();
    };
  };
}

/** Opens the stream of changes of all runs. */
export const connectLive = (signal: AbortSignal): Promise<Response> =>
  fetch('/api/live', { signal, headers: { accept: 'text/event-stream' } });
