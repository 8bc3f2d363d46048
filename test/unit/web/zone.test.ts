import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { columnOf } from '../../../web/src/lib/columns.ts';
import { rulerTicks } from '../../../web/src/lib/tape.ts';
import { clockMultiples, timeTicks } from '../../../web/src/lib/ticks.ts';
import {
  formatClock,
  formatDate,
  formatMicroseconds,
  formatMoment,
  formatOffset,
  formatStamp,
  fromWallTime,
  isoTimestamp,
  wallTime,
} from '../../../web/src/lib/time.ts';
import { LOCAL, showZone, UTC, type Zone } from '../../../web/src/lib/zone.ts';

/** What the clocks of a place show, by the tables of the runtime: `2026-11-20T15:36:24`. */
function clocksOf(timeZone: string): (seconds: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (seconds) => format.format(seconds * 1000).replace(' ', 'T');
}

/** A place as the page would see it from there. */
function zoneOf(timeZone: string): Zone {
  const clocks = clocksOf(timeZone);
  const offsetSeconds = (seconds: number) => Date.parse(`${clocks(seconds)}Z`) / 1000 - Math.floor(seconds);
  return { word: 'local', offsetSeconds };
}

const [BERLIN, KOLKATA] = [zoneOf('Europe/Berlin'), zoneOf('Asia/Kolkata')];
const PLACES = ['Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Auckland', 'UTC'];
const moments = fc.integer({ min: Date.UTC(1990, 0) / 1000, max: Date.UTC(2036, 0) / 1000 });
const places = fc.constantFrom(...PLACES);
const at = (text: string) => Date.parse(`${text}Z`) / 1000;
const labels = (ticks: readonly { label: string }[]) => ticks.map(({ label }) => label);

afterEach(() => showZone(() => UTC));

describe('times in a zone', () => {
  it('are what clocks show there', () => {
    fc.assert(
      fc.property(places, moments, (place, moment) => {
        const [zone, clocks] = [zoneOf(place), clocksOf(place)(moment)];
        showZone(() => zone);
        expect(wallTime(moment, zone).slice(0, 19)).toBe(clocks);
        expect(formatClock(moment)).toBe(clocks.slice(11));
        expect(formatStamp(moment, true)).toBe(clocks.replace('T', ' '));
        const day = new Intl.DateTimeFormat('en', { timeZone: place, day: 'numeric' }).format(moment * 1000);
        const year = new Intl.DateTimeFormat('en', { timeZone: place, year: 'numeric' }).format(moment * 1000);
        expect(formatDate(moment)).toMatch(new RegExp(`^${day} [A-Z][a-z]{2} ${year}$`));
      }),
    );
  });
  it('are read as they were written, but where clocks are put back: there a text stands for two moments', () => {
    fc.assert(
      fc.property(places, moments, (place, moment) => {
        const zone = zoneOf(place);
        const text = wallTime(moment, zone).slice(0, 23);
        const read = fromWallTime(text, zone);
        expect(wallTime(read, zone).slice(0, 23)).toBe(text);
        expect([0, 1800, 3600]).toContain(Math.abs(read - moment));
      }),
    );
    expect(fromWallTime('2026-11-21T08:00:00.25', BERLIN)).toBe(at('2026-11-21T07:00:00.25'));
    expect(fromWallTime('soon', BERLIN)).toBeNaN();
  });
  it('are those of this machine where they are local', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const date = new Date(moment * 1000);
        expect(Number(wallTime(moment, LOCAL).slice(11, 13))).toBe(date.getHours());
        expect(Number(wallTime(moment, LOCAL).slice(14, 16))).toBe(date.getMinutes());
      }),
    );
  });
  it('say how far they are from UTC at that moment', () => {
    const [winter, summer] = [at('2026-11-20T14:36:24'), at('2026-07-20T14:36:24')];
    const said = ([zone, moment]: [Zone, number]) => {
      showZone(() => zone);
      return formatMoment(moment).slice(11);
    };
    const winters = [UTC, BERLIN, KOLKATA, zoneOf('America/St_Johns')].map((zone): [Zone, number] => [zone, winter]);
    expect([...winters, [BERLIN, summer] as [Zone, number]].map(said)).toEqual([
      '14:36:24 UTC',
      '15:36:24 UTC+1',
      '20:06:24 UTC+5:30',
      '11:06:24 UTC−3:30',
      '16:36:24 UTC+2',
    ]);
    expect(formatOffset(summer)).toBe('UTC+2');
  });
  it('keep the microseconds of an API timestamp, and what is asked of the API stays UTC', () => {
    showZone(() => KOLKATA);
    expect(formatMicroseconds('2026-11-20T14:37:11.402118')).toBe('20:07:11.402\u202f118');
    expect(isoTimestamp(at('2026-11-20T14:37:11'))).toBe('2026-11-20T14:37:11.000000');
  });
  it('are named in the heads of columns', () => {
    expect(columnOf('created').label).toBe('Created, UTC');
    showZone(() => BERLIN);
    expect([columnOf('created').label, columnOf('duration').label]).toEqual(['Created, local', 'Duration']);
  });
});

describe('places on an axis in a zone', () => {
  it('are all and only the seconds at which clocks show a multiple', () => {
    const steps = fc.constantFrom(1800, 3600, 7200, 10_800, 21_600, 43_200);
    // Around the nights in which clocks change.
    const changes = fc.constantFrom('2026-03-29T01:00:00', '2026-10-25T01:00:00', '2026-04-04T15:00:00').map(at);
    const begins = fc.tuple(changes, fc.integer({ min: -86_400, max: 86_400 })).map(([change, by]) => change + by);
    fc.assert(
      fc.property(places, begins, steps, fc.integer({ min: 60, max: 200_000 }), (place, low, step, length) => {
        const zone = zoneOf(place);
        const found = clockMultiples([low, low + length], step, zone);
        const seconds: number[] = [];
        for (let second = Math.ceil(low / 1800) * 1800; second <= low + length; second += 1800)
          if ((second + zone.offsetSeconds(second)) % step === 0) seconds.push(second);
        expect(found).toEqual(seconds);
      }),
    );
  });
  it('are the hours of that place, also half an hour off', () => {
    const day = [at('2026-11-20T10:10:00'), at('2026-11-20T14:10:00')] as const;
    expect(labels(timeTicks('timestamp', day, 4, KOLKATA))).toEqual(['16:00', '17:00', '18:00', '19:00']);
    showZone(() => KOLKATA);
    expect(labels(rulerTicks(...day, 440, 84))).toEqual(['16:00', '17:00', '18:00', '19:00']);
  });
  it('begin days and months at midnight there', () => {
    const week = timeTicks('timestamp', [at('2026-11-20T12:00:00'), at('2026-11-24T12:00:00')], 4, BERLIN);
    expect(week[0]).toEqual({ at: at('2026-11-20T23:00:00'), label: '11-21' });
    expect(labels(week)).toEqual(['11-21', '11-22', '11-23', '11-24']);
    const year = timeTicks('timestamp', [at('2026-01-15T00:00:00'), at('2026-08-15T00:00:00')], 6, BERLIN);
    expect(year.map((tick) => [tick.label, wallTime(tick.at, BERLIN).slice(0, 16)])).toContainEqual([
      '2026-07',
      '2026-07-01T00:00',
    ]);
  });
  it('skip the hour that a night in spring does not have, and show that of autumn twice', () => {
    const spring = [at('2026-03-29T00:00:00'), at('2026-03-29T03:00:00')] as const;
    expect(labels(timeTicks('timestamp', spring, 3, BERLIN))).toEqual(['01:00', '03:00', '04:00', '05:00']);
    const autumn = [at('2026-10-24T23:00:00'), at('2026-10-25T02:00:00')] as const;
    expect(labels(timeTicks('timestamp', autumn, 3, BERLIN))).toEqual(['01:00', '02:00', '02:00', '03:00']);
    const days = timeTicks('timestamp', [at('2026-03-27T20:00:00'), at('2026-03-31T00:00:00')], 4, BERLIN);
    expect(labels(days)).toEqual(['03-28', '03-29', '03-30', '03-31']);
    const long = timeTicks('timestamp', [at('2026-03-10T00:00:00'), at('2026-04-15T00:00:00')], 6, BERLIN);
    expect(long.map((tick) => wallTime(tick.at, BERLIN).slice(11, 16))).toEqual(long.map(() => '00:00'));
    expect(labels(long).slice(3, 5)).toEqual(['03-28', '04-02']);
  });
});
