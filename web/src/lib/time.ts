import { shownZone } from './zone.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** Seconds since the epoch of an API timestamp (UTC, microseconds, no zone); null stays null. */
export function parseTimestamp(text: string): number;
export function parseTimestamp(text: string | null | undefined): number | null;
export function parseTimestamp(text: string | null | undefined): number | null {
  if (!text) return null;
  const milliseconds = Date.parse(`${text.slice(0, 19)}Z`);
  return milliseconds / 1000 + Number(`0${text.slice(19)}`);
}

/** An age in words: seconds, minutes, hours with one decimal up to ten, then whole hours and days. */
export function formatAge(seconds: number): string {
  const age = Math.max(0, seconds);
  if (age < 10) return `${age.toFixed(1)} s ago`;
  if (age < 60) return `${Math.floor(age)} s ago`;
  if (age < 3600) return `${Math.floor(age / 60)} min ago`;
  if (age < 36_000) return `${(age / 3600).toFixed(1)} h ago`;
  if (age < 86_400) return `${Math.floor(age / 3600)} h ago`;
  return `${Math.floor(age / 86_400)} d ago`;
}

/** A duration of two units: `3 h 37 m`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days) return `${days} d ${two(hours)} h`;
  if (hours) return `${hours} h ${two(minutes)} m`;
  if (minutes) return `${minutes} m ${two(whole % 60)} s`;
  return seconds > 0 && seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
}

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** A time that somebody has set, in its largest whole unit: `3 min`, `90 s`. */
export function formatSetting(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 's'];
  return `${seconds / size} ${unit}`;
}

/** Seconds since the start as a clock: `1:02:03`, `0:07`. */
export function formatElapsed(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const whole = Math.floor(Math.abs(seconds) + 1e-9);
  const hours = Math.floor(whole / 3600);
  const rest = `${hours ? two(Math.floor(whole / 60) % 60) : Math.floor(whole / 60)}:${two(whole % 60)}`;
  return sign + (hours ? `${hours}:${rest}` : rest);
}

/** An instant as the clocks of a zone show it: `2026-11-20T14:36:24.118Z`, where the Z says nothing. */
export const wallTime = (seconds: number, zone = shownZone()): string =>
  new Date((seconds + zone.offsetSeconds(seconds)) * 1000).toISOString();

/** Seconds since the epoch of a time as it stands on the clocks of the zone, such as `2026-11-21T08:00:00`; NaN for what is none. */
export function fromWallTime(text: string, zone = shownZone()): number {
  const there = Date.parse(`${text}Z`) / 1000;
  if (Number.isNaN(there)) return there;
  return there - zone.offsetSeconds(there - zone.offsetSeconds(there));
}

/** What the clocks of that moment are called, to stand after a time: `UTC`, `UTC+5:30`. */
export function formatOffset(seconds: number): string {
  const minutes = Math.round(shownZone().offsetSeconds(seconds) / 60);
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${two(rest)}` : ''}`;
}

/** `14:36:24`. */
export const formatClock = (seconds: number): string => wallTime(seconds).slice(11, 19);

/** A time of the API, not before the given one: `2026-11-20T14:36:24.118000`. */
export const isoTimestamp = (seconds: number): string =>
  new Date(Math.ceil(seconds * 1000)).toISOString().replace('Z', '000');

/** `2026-11-20 14:36`; with `full` to the second. */
export const formatStamp = (seconds: number, full = false): string =>
  wallTime(seconds)
    .slice(0, full ? 19 : 16)
    .replace('T', ' ');

/** A whole moment in a sentence: `2026-11-20 14:36:24 UTC+1`. */
export const formatMoment = (seconds: number): string => `${formatStamp(seconds, true)} ${formatOffset(seconds)}`;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `20 Nov 2026`. */
export function formatDate(seconds: number): string {
  const [year, month, day] = wallTime(seconds).slice(0, 10).split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** `14:37:11.402 118` of an API timestamp: what an event list needs to be questioned. */
export const formatMicroseconds = (timestamp: string): string =>
  `${formatClock(parseTimestamp(timestamp.slice(0, 19)))}${timestamp.slice(19, 23)}\u202f${timestamp.slice(23)}`;
