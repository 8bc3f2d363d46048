import { flattenMetadata } from './attributes.ts';
import { BOOLEAN, FROM_ONE, INTEGER, type Kind, oneOf, RECORD, TEXT, TEXTS, wrongOptions } from './option-kinds.ts';
import { type InitOptions, NOTIFICATIONS } from './run-options.ts';
import { RunTags } from './run-tags.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|y|years?)$/i;

const USERS: Kind = {
  words: 'public, tenant, private or a list of users without commas',
  accepts: (value) =>
    ['public', 'tenant', 'private'].some((word) => word === value) ||
    (TEXTS.accepts(value) && (value as string[]).every((user) => user !== '' && !user.includes(','))),
};

const KINDS: Readonly<Record<keyof InitOptions, Kind>> = {
  id: TEXT,
  name: TEXT,
  metadata: RECORD,
  tags: TEXTS,
  description: TEXT,
  folder: TEXT,
  status: oneOf('created', 'running'),
  running: BOOLEAN,
  role: oneOf('owner', 'member'),
  notification: oneOf(...NOTIFICATIONS),
  visibility: USERS,
  retentionPeriod: {
    words: 'a time like "2 days" or a number of seconds',
    accepts: (value) => durationSeconds(value as string) !== undefined,
  },
  attempt: FROM_ONE,
  firstStep: INTEGER,
  totalSteps: FROM_ONE,
  timeout: {
    words: 'a number of seconds above 0, or null',
    accepts: (value) => value === null || (Number.isFinite(value) && Number(value) > 0),
  },
};

/** Without these a run would be another one, or nobody's. */
const NEEDED: readonly string[] = ['id', 'role'] satisfies readonly (keyof InitOptions)[];

/** `init` options that can be sent, and what is wrong with the others, which are left out, of metadata when they are sent. */
export interface CheckedInit {
  readonly options: InitOptions & { readonly retentionPeriod?: number };
  readonly problems: readonly string[];
}

/** Checks what a run can be started without: a run must not be lost for a setting. */
export function checkInit(given: InitOptions, runTags = new RunTags()): CheckedInit {
  const wrong = wrongOptions(given, KINDS);
  const right = Object.entries(given).filter(([key]) => !wrong.has(key) || NEEDED.includes(key));
  const options = Object.fromEntries(right) as InitOptions;
  const problems = [...wrong].filter(([key]) => !NEEDED.includes(key)).map(([key, problem]) => `${key} ${problem}`);
  const { retentionPeriod, tags, ...rest } = options;
  const seconds = retentionPeriod === undefined ? undefined : durationSeconds(retentionPeriod);
  if (rest.metadata !== undefined) flattenMetadata(rest.metadata, '', problems);
  return {
    options: {
      ...rest,
      ...(tags === undefined ? {} : { tags: runTags.set(tags, problems) }),
      ...(seconds === undefined ? {} : { retentionPeriod: seconds }),
    },
    problems,
  };
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
