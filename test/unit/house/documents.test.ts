import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readControlEvents } from '../../../collector/pipeline/control-events.ts';
import type { EventRecord } from '../../../collector/pipeline/telemetry.ts';
import { ERROR_CODES } from '../../../src/errors.ts';
import * as semconv from '../../../src/semconv.ts';
import { inRepository } from '../../support/repository.ts';

const document = (name: string): string => readFileSync(inRepository('docs', name), 'utf8');
const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

/** Every string of the module, however deep: values of constants, not their names. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe('the documents say what the code does', () => {
  test('docs/errors.md lists the codes of src/errors.ts, in their order', () => {
    const listed = [...document('errors.md').matchAll(/^\| `(SIMVUE_ERR_\w+)` +\|/gm)].map((match) => match[1]);
    expect(listed).toEqual([...ERROR_CODES]);
  });

  test('docs/semantic-conventions.md has every name of src/semconv.ts', () => {
    const documented = new Set(quoted(document('semantic-conventions.md')));
    expect(strings({ ...semconv }).filter((name) => !documented.has(name))).toEqual([]);
  });

  test('docs/semantic-conventions.md has no simvue name that src/semconv.ts does not', () => {
    const known = new Set(strings({ ...semconv }));
    const documented = quoted(document('semantic-conventions.md')).filter((name) =>
      /^(simvue\.|resources\/)/.test(name),
    );
    expect(documented.filter((name) => !known.has(name) && !name.endsWith('<key>'))).toEqual([]);
  });

  test('docs/semantic-conventions.md gives each event the statuses of a run that the receiver takes from it', () => {
    const rows = document('semantic-conventions.md').matchAll(/^\| `simvue\.run\.status` \| (.+) \| (.+) \|$/gm);
    const documented = [...rows].flatMap(([, statuses = '', events = '']) =>
      events.split(', ').flatMap((event) => quoted(statuses).map((status) => `${event} ${status}`)),
    );
    const taken = ['start', 'update', 'end'].flatMap((event) =>
      semconv.RUN_STATUSES.filter((status) => isTaken(`simvue.run.${event}`, status)).map(
        (status) => `${event} ${status}`,
      ),
    );
    expect(documented.toSorted()).toEqual(taken.toSorted());
  });
});

function isTaken(eventName: string, status: string): boolean {
  const record: EventRecord = {
    timeUnixNano: 1n,
    observedTimeUnixNano: 1n,
    severityNumber: 0,
    severityText: '',
    eventName,
    body: '',
    attributes: { 'simvue.run.status': status },
    traceId: '',
    spanId: '',
    uid: undefined,
  };
  return readControlEvents([record], '').refusals.length === 0;
}
