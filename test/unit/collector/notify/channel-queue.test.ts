import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Channel, Delivery } from '../../../../collector/notify/channel.ts';
import { ChannelQueue, type SendRate } from '../../../../collector/notify/channel-queue.ts';
import { DeliveryFailure } from '../../../../collector/notify/delivery-failure.ts';
import type { OutboxStore, WaitingMessage } from '../../../../collector/store/alert-state-store.ts';

const OFTEN: SendRate = { burst: 100, perMinute: 6_000 };

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A channel that takes what it is given unless told otherwise, and an outbox in memory. */
function createQueue(rate: SendRate, groupSize = 10, repeatMilliseconds?: number) {
  const calls: string[][] = [];
  let waiting: WaitingMessage[] = [];
  const state = { fails: false as boolean | Error, refused: '', firing: [] as WaitingMessage[] };
  const channel: Channel = {
    name: 'c',
    groupSize,
    ...(repeatMilliseconds === undefined ? {} : { repeatMilliseconds }),
    async send(deliveries: readonly Delivery[]) {
      calls.push(deliveries.map(({ id }) => id));
      if (deliveries.some(({ id }) => id === state.refused)) throw new DeliveryFailure('400', { isRefused: true });
      if (state.fails) throw state.fails instanceof Error ? state.fails : new Error('not today');
    },
    close: async () => undefined,
  };
  const outbox: Pick<OutboxStore, 'waiting' | 'countWaiting' | 'markSent' | 'markFailed' | 'firing'> = {
    waiting: (_, limit) => waiting.toSorted((a, b) => a.attempts - b.attempts).slice(0, limit),
    countWaiting: () => waiting.length,
    markSent: (_, ids) => {
      waiting = waiting.filter(({ id }) => !ids.includes(id));
    },
    markFailed: (_, ids) => {
      waiting = waiting.map((one) => (ids.includes(one.id) ? { ...one, attempts: one.attempts + 1 } : one));
    },
    firing: () => state.firing,
  };
  const queue = new ChannelQueue(channel, rate, {
    outbox: outbox as OutboxStore,
    states: { evaluations: () => [] },
    pageUrl: () => 'http://page',
    clock: Date.now,
    onError: (error) => expect.unreachable(String(error)),
  });
  const put = (...ids: readonly string[]): void => {
    waiting.push(...ids.map(messageOf));
    queue.wake();
  };
  return { queue, calls, put, state };
}

function messageOf(id: string): WaitingMessage {
  const row = { id, channel: 'c', runId: 'r', alertId: '', series: '', state: 'firing', timeUnixNano: 0n };
  return { ...row, message: JSON.stringify({ id }), attempts: 0, error: null, sentUnixNano: null };
}

describe('the queue of a channel', () => {
  it('sends what waits together in groups', async () => {
    const { calls, put } = createQueue(OFTEN, 2);
    put('a', 'b', 'c');
    await vi.advanceTimersByTimeAsync(0);
    expect(calls).toEqual([['a', 'b'], ['c']]);
  });

  it('lets what comes too often wait and share the next call', async () => {
    const { calls, put } = createQueue({ burst: 2, perMinute: 1 });
    for (const id of ['a', 'b', 'c', 'd']) {
      put(id);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(calls).toEqual([['a'], ['b']]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('tries again after a pause that doubles, up to five minutes, and begins anew after a success', async () => {
    const { queue, calls, put, state } = createQueue(OFTEN);
    state.fails = true;
    put('a');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(calls.length).toBeGreaterThanOrEqual(4);
    expect(calls.length).toBeLessThanOrEqual(6);
    expect(queue.health).toMatchObject({
      failures: calls.length,
      lastError: 'not today',
      sentMessages: 0,
      waitingMessages: 1,
    });
    await vi.advanceTimersByTimeAsync(3_600_000);
    const before = calls.length;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(calls.length - before).toBeGreaterThanOrEqual(9);
    state.fails = false;
    await vi.advanceTimersByTimeAsync(400_000);
    expect(queue.health).toMatchObject({ failures: 0, lastError: undefined, sentMessages: 1, waitingMessages: 0 });
  });

  it('does not let one that always fails hold up the others', async () => {
    const { calls, put, state } = createQueue(OFTEN, 1);
    state.fails = true;
    put('bad');
    await vi.advanceTimersByTimeAsync(10);
    put('good');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls[1]).toEqual(['good']);
  });

  it('finds the one message that is refused: the others of its group are sent', async () => {
    const { calls, put, state } = createQueue(OFTEN, 8);
    state.refused = 'c';
    put('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
    await vi.advanceTimersByTimeAsync(60_000);
    const taken = calls.filter((ids) => !ids.includes('c')).flat();
    expect(taken.toSorted()).toEqual(['a', 'b', 'd', 'e', 'f', 'g', 'h']);
    expect(calls.at(-1)).toEqual(['c']);
    state.refused = '';
    await vi.advanceTimersByTimeAsync(600_000);
    put('i', 'j', 'k');
    await vi.advanceTimersByTimeAsync(10);
    expect(calls.slice(-2).flat()).toEqual(['i', 'j', 'k']);
  });

  it('leaves a receiver alone for as long as it asks, at most an hour', async () => {
    const { calls, put, state } = createQueue(OFTEN);
    state.fails = new DeliveryFailure('429', { retryAfterMilliseconds: 90_000 });
    put('a');
    await vi.advanceTimersByTimeAsync(89_000);
    expect(calls).toHaveLength(1);
    state.fails = new DeliveryFailure('429', { retryAfterMilliseconds: 86_400_000 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(3_590_000);
    expect(calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toHaveLength(3);
  });

  it('tells what still fires in groups too', async () => {
    const { calls, put, state } = createQueue(OFTEN, 2, 60_000);
    state.firing = ['a', 'b', 'c', 'd', 'e'].map(messageOf);
    put();
    await vi.advanceTimersByTimeAsync(100);
    expect(calls).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('tells again and again what still fires, where the channel wants it, and news at once', async () => {
    const { calls, put, state } = createQueue(OFTEN, 10, 60_000);
    state.firing = [messageOf('a')];
    put('a');
    await vi.advanceTimersByTimeAsync(100);
    const told = calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.length).toBe(told + 1);
    put('b');
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.at(-1)).toEqual(['b']);
  });

  it('sends nothing any more when it is closed', async () => {
    const { queue, calls, put } = createQueue(OFTEN);
    await queue.close();
    put('a');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls).toEqual([]);
  });
});
