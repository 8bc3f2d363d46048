import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveChange } from '../../../../collector/api/contract/live.ts';
import { createLiveHub, type LiveHub } from '../../../../collector/api/live-hub.ts';
import type { LiveSubscription } from '../../../../collector/api/live-subscriber.ts';

let hub: LiveHub;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 31, 12) });
  hub = createLiveHub({ version: '1.2.3' });
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

/** A reader that keeps what it gets, and takes nothing while `blocked`. */
function reader(runIds: readonly string[] = []) {
  const got = { texts: [] as string[], blocked: false, ends: [] as string[] };
  const subscription = hub.subscribe(
    {
      write: (text) => {
        got.texts.push(text);
        return !got.blocked;
      },
      end: () => got.ends.push('end'),
      abort: () => got.ends.push('abort'),
    },
    runIds,
  ) as LiveSubscription;
  const changes = (): LiveChange[] =>
    got.texts
      .filter((text) => text.startsWith('event: change'))
      .map((text) => JSON.parse(text.split('data: ')[1] as string));
  return Object.assign(got, { subscription, changes });
}

const activity = (runId: string, points = 1, state = false) => ({ runId, points, events: 0, state });

describe('the live stream', () => {
  it('greets first, with version and time', () => {
    expect(reader().texts).toEqual([
      'event: hello\ndata: {"version":"1.2.3","server_time":"2026-01-31T12:00:00.000000"}\n\n',
    ]);
  });

  it('tells a change at once, and what follows merged, four times a second at the most', () => {
    const { changes } = reader();
    for (let millisecond = 0; millisecond < 1000; millisecond++) {
      hub.publish(activity('a', 2, millisecond === 900));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(250);
    expect(changes().length).toBeLessThanOrEqual(5);
    const runs = changes().flatMap((change) => change.runs);
    expect(runs.reduce((sum, run) => sum + run.points, 0)).toBe(2000);
    expect(runs.map((run) => run.state)).toEqual([false, false, false, false, true]);
  });

  it('is quiet when nothing changes, but for a comment every 15 s', () => {
    const { texts } = reader();
    vi.advanceTimersByTime(45_000);
    expect(texts.slice(1)).toEqual(Array(3).fill(': keep-alive\n\n'));
  });

  it('tells only of the runs asked for', () => {
    const [all, some] = [reader(), reader(['b'])];
    hub.publish(activity('a'));
    hub.runDeleted('b');
    vi.advanceTimersByTime(250);
    expect(all.changes().flatMap(({ runs }) => runs.map(({ id }) => id))).toEqual(['a', 'b']);
    expect(some.changes()).toEqual([
      { all: false, runs: [{ id: 'b', points: 0, events: 0, state: true, deleted: true }] },
    ]);
  });

  it('gives a slow reader one merged change when it comes back', () => {
    const slow = reader();
    slow.blocked = true;
    hub.publish(activity('a'));
    vi.advanceTimersByTime(1);
    for (let index = 0; index < 100; index++) {
      hub.publish(activity(index % 2 === 0 ? 'a' : 'b'));
      vi.advanceTimersByTime(100);
    }
    expect(slow.changes()).toHaveLength(1);
    slow.blocked = false;
    slow.subscription.drained();
    vi.advanceTimersByTime(250);
    expect(slow.changes()).toHaveLength(2);
    expect(slow.changes()[1]?.runs.map(({ id, points }) => [id, points])).toEqual([
      ['a', 50],
      ['b', 50],
    ]);
  });

  it('says that everything changed instead of keeping a long list', () => {
    const { changes } = reader();
    for (let index = 0; index < 1500; index++) hub.publish(activity(`run ${index}`));
    vi.advanceTimersByTime(1);
    expect(changes().map(({ all, runs }) => [all, runs.length])).toEqual([[true, 1000]]);
    hub.publish(activity('a'));
    vi.advanceTimersByTime(250);
    expect(changes()[1]).toMatchObject({ all: false, runs: [{ id: 'a' }] });
  });

  it('drops a reader that takes nothing for 30 s, and counts it', () => {
    const [dead, alive] = [reader(), reader()];
    dead.blocked = true;
    hub.publish(activity('a'));
    vi.advanceTimersByTime(60_000);
    expect(dead.ends).toEqual(['abort']);
    expect(alive.ends).toEqual([]);
    expect(hub.statistics).toMatchObject({ subscribers: 1, dropped: 1 });
    const before = dead.texts.length;
    hub.publish(activity('a'));
    vi.advanceTimersByTime(60_000);
    expect(dead.texts).toHaveLength(before);
  });

  it('ends every stream once when it closes, and takes no further reader', () => {
    const first = reader();
    first.subscription.end();
    const second = reader();
    hub.close();
    hub.close();
    expect([first.ends, second.ends]).toEqual([['end'], ['end']]);
    expect(hub.statistics.subscribers).toBe(0);
    expect(reader().subscription).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has room for a limited number of readers', () => {
    hub = createLiveHub({ version: '1', maxSubscribers: 1 });
    const { subscription } = reader();
    expect(reader().subscription).toBeUndefined();
    subscription.end();
    expect(reader().subscription).toBeDefined();
  });
});
