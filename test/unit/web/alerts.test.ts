import { describe, expect, test } from 'vitest';
import { changedAlert, newAlert } from '../../../collector/api/alert-body.ts';
import type { AlertView, EvaluationView } from '../../../collector/api/contract/alert.ts';
import {
  type AlertForm,
  alertProblem,
  bodyOf,
  changeOf,
  EMPTY_ALERT,
  formOf,
  METRIC_RULES,
  ruleOf,
} from '../../../web/src/lib/alert-form.ts';
import { sortAlerts } from '../../../web/src/lib/alert-state.ts';
import { consequencesInWords, limitsOf, ruleInWords } from '../../../web/src/lib/alert-words.ts';
import { evaluationInWords, matchesInWords, placeEvaluations } from '../../../web/src/lib/evaluation-plot.ts';

const timing = { window: 2, frequency: 0.5 };

describe('rules in words', () => {
  test.each<[AlertView['source'], AlertView['alert'], string]>([
    [
      'metrics',
      { rule: 'is above', metric: 'p', threshold: 0.01, ...timing },
      'p is above 0.01, average over 2 min, each 0.5 min',
    ],
    [
      'metrics',
      { rule: 'is outside range', metric: 'p*', range_low: -1, range_high: 1, aggregation: 'all', ...timing },
      'p* is outside range −1 to 1, all over 2 min, each 0.5 min',
    ],
    ['metrics', { rule: 'has no data', metric: 'p', ...timing }, 'p has no data over 2 min, each 0.5 min'],
    ['events', { pattern: 'nan', frequency: 1 }, 'a message contains “nan”, each 1 min'],
    ['events', { pattern: 'n+', pattern_type: 'regex', frequency: 1 }, 'a message matches “n+”, each 1 min'],
    ['run', { status: 'lost' }, 'the run is lost'],
    ['user', null, 'the program says so'],
  ])('%s %j', (source, alert, words) => {
    expect(ruleInWords({ source, alert, unit: 'minutes', delay: 0 })).toBe(words);
  });

  test('the unit is that of the collector, and a delay is told', () => {
    const alert = { rule: 'is above', metric: 'p', threshold: 1, window: 90, frequency: 30 };
    expect(ruleInWords({ source: 'metrics', alert, unit: 'seconds', delay: 60 })).toBe(
      'p is above 1, average over 90 s, each 30 s, from 60 s on',
    );
  });

  test('consequences are told, and that there are none', () => {
    expect(consequencesInWords({ notification: 'hook,email', abort: true })).toBe('tells hook, email, aborts the run');
    expect(consequencesInWords({ notification: 'none', abort: false })).toBe('shows it here');
  });

  test('a threshold of 0 is a limit', () => {
    expect(limitsOf({ alert: { threshold: 0 } })).toEqual([0]);
  });

  test('what fires comes first', () => {
    const entry = (name: string, status: 'ok' | 'critical' | null) => ({
      alert: { name } as AlertView,
      status,
      since: null,
    });
    const sorted = sortAlerts([entry('b', 'ok'), entry('a', 'ok'), entry('d', null), entry('c', 'critical')]);
    expect(sorted.map(({ alert }) => alert.name)).toEqual(['c', 'd', 'a', 'b']);
  });
});

describe('the form of an alert', () => {
  const form = (change: Partial<AlertForm>): AlertForm => ({
    ...EMPTY_ALERT,
    name: 'a',
    metric: 'p',
    low: '0',
    high: '1',
    pattern: 'x',
    ...change,
  });
  const FORMS = [
    ...METRIC_RULES.map((rule) => form({ rule })),
    form({ source: 'events', told: ['hook', 'email'] }),
    form({ delay: '2.5', abort: true, description: 'of the wing' }),
    form({ source: 'events', isRegex: true, tags: ['v2'] }),
    form({ source: 'run', delay: '5' }),
    form({ source: 'user', told: ['hook'] }),
  ];
  const made = (filled: AlertForm) => {
    const { rule, ...definition } = newAlert(bodyOf(filled));
    const { runTags, ...rest } = definition;
    const view = {
      ...rest,
      id: 'a',
      run_tags: [...runTags],
      unit: 'minutes' as const,
      alert: rule,
      created: '',
      user: '',
    };
    const row = { ...definition, rule, id: 'a', user: '', tenant: '', createdUnixNano: 0n, revision: 0 };
    return { definition: { ...definition, rule }, view, row };
  };

  test.each(FORMS)('makes what the collector takes: $source $rule', (filled) => {
    expect(alertProblem(filled)).toBeUndefined();
    const rule = ruleOf(filled);
    if (rule === null) expect(made(filled).definition.rule).toBeNull();
    else expect(made(filled).definition.rule).toMatchObject(rule);
  });

  test.each(FORMS)('asks for no change when nothing was edited: $source $rule', (filled) => {
    const { view } = made(filled);
    expect(changeOf(view, formOf(view))).toEqual({});
  });

  test('makes any alert another one of its source, and names only what was edited', () => {
    for (const from of FORMS)
      for (const to of FORMS.filter(({ source }) => source === from.source)) {
        const { view, row } = made(from);
        const change = changeOf(view, to);
        expect(changedAlert(row, change)).toEqual(made(to).definition);
        expect(Object.keys(change)).not.toContain('name');
      }
  });

  test.each<[Partial<AlertForm>, string]>([
    [{ metric: ' ' }, 'metric'],
    [{ low: 'ten' }, 'value'],
    [{ rule: 'is inside range', low: '2', high: '1' }, 'range'],
    [{ window: '0' }, 'window'],
    [{ source: 'events', pattern: '' }, 'text'],
    [{ frequency: '' }, 'evaluations'],
    [{ delay: '-1' }, 'start'],
    [{ source: 'events', delay: 'soon' }, 'start'],
  ])('says what is missing in %j', (change, word) => {
    expect(alertProblem(form(change))).toContain(word);
  });
});

describe('evaluations', () => {
  const evaluation = (
    seconds: number,
    value: EvaluationView['value'],
    verdict: EvaluationView['verdict'],
  ): EvaluationView => ({
    time: `2026-11-21T08:00:${String(seconds).padStart(2, '0')}.000000`,
    from: '2026-11-21T08:00:00.000000',
    series: '',
    share: 1,
    points: 1,
    non_finite: 0,
    late: 0,
    skipped: 0,
    value,
    verdict,
    changed: false,
  });

  test('stand at their time and value, limits at theirs, what has no value on the floor', () => {
    const list = [evaluation(20, 10, 'firing'), evaluation(10, null, 'no data'), evaluation(0, 0, 'ok')];
    const { marks, limits, low, high } = placeEvaluations(list, [5], { width: 100, height: 50 });
    expect(marks.map(({ x }) => x)).toEqual([100, 50, 0]);
    expect(marks[1]?.y).toBe(50);
    expect(limits[0]?.y).toBeCloseTo(25);
    expect([low, high]).toEqual([-0.8, 10.8]);
  });

  test('alone and without a value still have a place', () => {
    const { marks } = placeEvaluations([evaluation(0, 'NaN', 'no data')], [], { width: 100, height: 50 });
    expect(marks.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  });

  test('of an alert on events tell of its matches', () => {
    const of = (verdict: EvaluationView['verdict'], points: number) =>
      matchesInWords({ ...evaluation(0, points, verdict), points, from: '2026-11-21T08:00:01.000000' });
    expect(of('ok', 0)).toBe('no event has matched: it does not fire');
    expect(of('firing', 1)).toBe('this event matched: it fires');
    expect(of('ok', 3)).toBe('3 events matched, the last at 08:00:01: it fires no more');
  });

  test('are sentences with numbers', () => {
    const late = { ...evaluation(0, 4.98, 'ok'), share: 0.34, points: 7, late: 2 };
    expect(evaluationInWords(late, String)).toBe('window 34 %, 7 points, value 4.98, 2 came late: it does not fire');
  });
});
