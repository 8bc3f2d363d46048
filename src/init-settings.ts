import { type InitOptions, NOTIFICATIONS } from './run-options.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?)$/i;

/** `init` options that can be sent, and what is wrong with the others, which are left out. */
export interface CheckedInit {
  readonly options: InitOptions & { readonly retentionPeriod?: number };
  readonly problems: readonly string[];
}

/** Checks what a run can be started without: a run must not be lost for a setting. */
export function checkInit(given: InitOptions): CheckedInit {
  const { retentionPeriod, ...options } = given;
  const checked: { -readonly [Key in keyof InitOptions]: InitOptions[Key] } & { retentionPeriod?: number } = options;
  const problems: string[] = [];
  const leaveOut = (key: keyof InitOptions, problem: string) => {
    problems.push(`${key} ${problem}`);
    delete checked[key];
  };
  const { notification, timeout, attempt, firstStep, visibility } = given;
  if (notification !== undefined && !NOTIFICATIONS.includes(notification)) {
    leaveOut('notification', `"${notification}" is not one of ${NOTIFICATIONS.join(', ')}`);
  }
  if (timeout !== undefined && timeout !== null && !(Number.isFinite(timeout) && timeout > 0)) {
    leaveOut('timeout', 'is not a number of seconds above 0, nor null');
  }
  if (attempt !== undefined && !(Number.isSafeInteger(attempt) && attempt > 0)) leaveOut('attempt', 'is not 1 or more');
  if (firstStep !== undefined && !Number.isSafeInteger(firstStep)) leaveOut('firstStep', 'is not an integer');
  if (Array.isArray(visibility) && visibility.some((user) => user.includes(','))) {
    leaveOut('visibility', 'names a user with a comma');
  }
  const seconds = retentionPeriod === undefined ? undefined : durationSeconds(retentionPeriod);
  if (seconds !== undefined) checked.retentionPeriod = seconds;
  else if (retentionPeriod !== undefined)
    problems.push(`retentionPeriod "${retentionPeriod}" is not a time like "2 days"`);
  return { options: checked, problems };
}

/**
 * Seconds of a number of seconds, or of text like `90 s`, `1.5h`, `2 days`.
 *
 * @returns undefined for anything else, and for nothing.
 */
export function durationSeconds(duration: number | string): number | undefined {
  const [, amount, unit = ''] = DURATION.exec(String(duration).trim()) ?? [];
  const seconds =
    typeof duration === 'number'
      ? duration
      : Number(amount) * (UNIT_SECONDS[unit.charAt(0).toLowerCase()] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 1 ? Math.round(seconds) : undefined;
}
