import { describe, expect, it } from 'vitest';
import { LostDetection } from '../../../../collector/pipeline/lost-detection.ts';
import type { CatalogStore, RunRow, SignOfLife } from '../../../../collector/store/catalog-store.ts';

const SECOND = 1_000;
const START = 1_700_000_000_000;
type Run = Pick<RunRow, 'id' | 'status' | 'heartbeatTimeoutSeconds' | 'createdUnixNano' | 'lastSignUnixNano'>;

/** What the detection sees of a catalogue, by the rules of `CatalogStore`. */
function world(runs: Run[], settings = new Map<string, string>()) {
  const byId = new Map(runs.map((run) => [run.id, { ...run }]));
  let now = START;
  let failing = false;
  const changed: string[] = [];
  const catalog = {
    getRun: async (id: string) => byId.get(id),
    liveRuns: async () => [...byId.values()].filter(({ status }) => status === 'running' || status === 'lost'),
    getSetting: async (key: string) => settings.get(key),
    setSetting: async (key: string, value: string) => void settings.set(key, value),
    setLost: async (id: string) => {
      const run = byId.get(id);
      if (run?.status !== 'running') return false;
      byId.set(id, { ...run, status: 'lost' });
      return true;
    },
    recordSigns: async (signs: readonly SignOfLife[]) => {
      if (failing) throw new Error('disk full');
      const revived: string[] = [];
      for (const { runId, timeUnixNano } of signs) {
        const run = byId.get(runId);
        if (run === undefined || timeUnixNano <= (run.lastSignUnixNano ?? 0n)) continue;
        if (run.status === 'lost') revived.push(runId);
        const status = run.status === 'lost' ? 'running' : run.status;
        byId.set(runId, { ...run, status, lastSignUnixNano: timeUnixNano });
      }
      return revived;
    },
  } as unknown as CatalogStore;
  const open = () =>
    new LostDetection({ catalog, clock: () => now, tickMs: 2 * SECOND, onRunChanged: (id) => changed.push(id) });
  let detection = open();
  return {
    byId,
    changed,
    statusOf: (id: string) => byId.get(id)?.status,
    sign: (id: string, eventTime = now) => detection.sign(id, 'i', BigInt(eventTime) * 1_000_000n),
    fail: (isFailing: boolean) => {
      failing = isFailing;
    },
    tick: () => detection.tick(),
    runChanged: (id: string) => detection.runChanged(id),
    start: () => detection.start(),
    /** Lets time pass with a tick every two seconds. */
    async pass(seconds: number) {
      for (const end = now + seconds * SECOND; now < end; ) {
        now += 2 * SECOND;
        await detection.tick();
      }
    },
    /** The collector, or the whole machine, does nothing for a while. */
    sleep: (seconds: number) => {
      now += seconds * SECOND;
    },
    async restart() {
      detection = open();
      await detection.start();
    },
    now: () => now,
  };
}

function running(members: Partial<Run> = {}): Run {
  const createdUnixNano = BigInt(START) * 1_000_000n;
  return {
    id: 'r',
    status: 'running',
    heartbeatTimeoutSeconds: 180,
    createdUnixNano,
    lastSignUnixNano: null,
    ...members,
  };
}

describe('lost detection', () => {
  it('declares a run lost when nothing was received for its time-out, and tells it once', async () => {
    const { sign, pass, statusOf, changed } = world([running()]);
    sign('r');
    await pass(178);
    expect(statusOf('r')).toBe('running');
    await pass(6);
    expect(statusOf('r')).toBe('lost');
    await pass(400);
    expect(changed).toEqual(['r']);
  });

  it('goes by the time of receipt: events of last year keep a run alive', async () => {
    const { sign, pass, statusOf, now } = world([running()]);
    for (let i = 0; i < 5; i++) {
      sign('r', now() - 31_536_000_000 + i);
      await pass(100);
    }
    expect(statusOf('r')).toBe('running');
  });

  it('is taken back by an event later than the last sign, not by an older one', async () => {
    const { sign, pass, statusOf, changed } = world([running()]);
    sign('r');
    await pass(190);
    sign('r', START - 1);
    await pass(2);
    expect(statusOf('r')).toBe('lost');
    sign('r', START + 50 * SECOND);
    await pass(2);
    expect(statusOf('r')).toBe('running');
    await pass(190);
    expect(statusOf('r')).toBe('lost');
    expect(changed).toEqual(['r', 'r', 'r']);
  });

  it('is not fooled by a clock that is ahead', async () => {
    const { sign, pass, statusOf } = world([running()]);
    sign('r', START + 9e12);
    await pass(190);
    expect(statusOf('r')).toBe('lost');
    sign('r');
    await pass(2);
    expect(statusOf('r')).toBe('running');
  });

  it('never loses a run without time-out, a created run or an ended one', async () => {
    const others = [
      running({ id: 'never', heartbeatTimeoutSeconds: null }),
      running({ id: 'created', status: 'created' }),
      running({ id: 'done', status: 'completed' }),
    ];
    const { sign, pass, changed } = world(others);
    for (const { id } of others) sign(id);
    await pass(1_000);
    expect(changed).toEqual([]);
  });

  it('watches a run that was announced and never heard, with the time-out it has now', async () => {
    const { byId, runChanged, pass, statusOf } = world([running()]);
    runChanged('r');
    await pass(10);
    byId.set('r', running({ heartbeatTimeoutSeconds: 20 }));
    runChanged('r');
    await pass(14);
    expect(statusOf('r')).toBe('lost');
  });

  it('does not count the downtime of the collector', async () => {
    const { sign, pass, sleep, restart, statusOf } = world([running()]);
    sign('r');
    await pass(60);
    sleep(3_600);
    await restart();
    await pass(110);
    expect(statusOf('r')).toBe('running');
    await pass(16);
    expect(statusOf('r')).toBe('lost');
  });

  it('leaves at least half of the time-out after a restart', async () => {
    const { sign, pass, sleep, restart, statusOf } = world([running()]);
    sign('r', START - 1e9);
    await pass(170);
    sleep(60);
    await restart();
    await pass(86);
    expect(statusOf('r')).toBe('running');
    await pass(6);
    expect(statusOf('r')).toBe('lost');
  });

  it('does not count a pause of the whole machine', async () => {
    const { sign, pass, sleep, tick, statusOf } = world([running()]);
    sign('r');
    await pass(60);
    sleep(28_800);
    await tick();
    await pass(100);
    expect(statusOf('r')).toBe('running');
  });

  it('keeps the signs when the catalogue cannot be written', async () => {
    const { byId, sign, fail, tick } = world([running()]);
    sign('r', START);
    fail(true);
    await expect(tick()).rejects.toThrow('disk full');
    fail(false);
    await tick();
    expect(byId.get('r')?.lastSignUnixNano).toBe(BigInt(START) * 1_000_000n);
  });
});
