import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LiveAsk, shareLive } from '../../../web/src/lib/live-share.ts';
import type { LiveMessage, LiveStatus } from '../../../web/src/lib/live-stream.ts';

const HELLO = 'event: hello\ndata: {"version":"1.2.3","server_time":"2026-01-01T00:00:07.000000"}\n\n';
const CHANGE = 'event: change\ndata: {"all":false,"runs":[{"id":"a"}]}\n\n';

/** A collector that keeps the streams which were opened to it. */
class Streams {
  status = 200;
  opened = 0;
  #writers = new Set<ReadableStreamDefaultController<Uint8Array>>();

  readonly connect = async (signal: AbortSignal): Promise<Response> => {
    this.opened++;
    if (this.status === 0) throw new TypeError('Failed to fetch');
    if (this.status !== 200) return new Response('', { status: this.status });
    const body = new ReadableStream<Uint8Array>({
      start: (writer) => {
        this.#writers.add(writer);
        signal.addEventListener('abort', () => {
          this.#writers.delete(writer);
          writer.error(signal.reason);
        });
      },
    });
    this.send(HELLO);
    return new Response(body);
  };

  get open(): number {
    return this.#writers.size;
  }

  send(text: string): void {
    for (const writer of this.#writers) writer.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    for (const writer of this.#writers) writer.close();
    this.#writers.clear();
  }
}

/** A tab and what it was told. */
class Tab {
  readonly told: LiveMessage[] = [];
  readonly ask: (ask: LiveAsk) => void;
  constructor(join: (tell: (message: LiveMessage) => void) => (ask: LiveAsk) => void) {
    this.ask = join((message) => this.told.push(message));
  }
  get status(): LiveStatus | undefined {
    return this.told.findLast((message) => 'status' in message)?.status;
  }
  get changes(): unknown[] {
    return this.told.flatMap((message) => ('changes' in message ? [message.changes] : []));
  }
}

let streams: Streams;
let join: ReturnType<typeof shareLive>;
const settle = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  streams = new Streams();
  join = shareLive(streams.connect);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a stream shared by tabs', () => {
  it('is opened once and tells every tab what changed', async () => {
    const [first, second] = [new Tab(join), new Tab(join)];
    await settle();
    streams.send(CHANGE);
    await settle();
    expect(streams.opened).toBe(1);
    for (const tab of [first, second]) {
      expect(tab.status).toMatchObject({ state: 'live', version: '1.2.3', skewSeconds: 7 });
      expect(tab.changes).toEqual(['everything', [{ id: 'a' }]]);
    }
  });

  it('tells a tab that comes later how things are, and to read everything again', async () => {
    new Tab(join);
    await settle();
    const late = new Tab(join);
    expect(late.status?.state).toBe('live');
    expect(late.changes).toEqual(['everything']);
  });

  it('outlives the tab that opened it, and closes 30 s after the last one is hidden or gone', async () => {
    const [first, second] = [new Tab(join), new Tab(join)];
    await settle();
    first.ask('leave');
    await settle(20_000);
    expect(streams.open).toBe(1);
    second.ask('hidden');
    streams.send(': keep-alive\n\n');
    await settle(29_000);
    expect(streams.open).toBe(1);
    await settle(1000);
    expect(streams.open).toBe(0);
    await settle(3_600_000);
    expect(streams.opened).toBe(1);
    second.ask('visible');
    await settle();
    expect(streams.open).toBe(1);
  });
});

describe('a stream that breaks', () => {
  it('is offline after the second attempt in vain, and back without a question when the collector is', async () => {
    const tab = new Tab(join);
    await settle();
    streams.status = 0;
    streams.end();
    await settle(1000);
    expect(tab.status?.state).toBe('offline');
    expect(tab.status?.nextTry).toBeGreaterThan(Date.now());
    streams.status = 200;
    await settle(15_000);
    expect(tab.status?.state).toBe('live');
    expect(tab.changes).toEqual(['everything', 'everything']);
  });

  it('is opened again when nothing was heard for 40 s', async () => {
    new Tab(join);
    await settle(41_000);
    expect(streams.opened).toBe(2);
    expect(streams.open).toBe(1);
  });

  it('waits for somebody to sign in after a 401, and tells so', async () => {
    streams.status = 401;
    const tab = new Tab(join);
    await settle(3_600_000);
    expect(tab.status?.state).toBe('locked');
    expect(streams.opened).toBe(1);
    streams.status = 200;
    tab.ask('restart');
    await settle();
    expect(tab.status?.state).toBe('live');
    expect(streams.open).toBe(1);
  });
});
