import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvPoints, jsonPoints } from '../../../../../collector/api/points/text-points.ts';
import { formatTimestamp } from '../../../../../src/time.ts';
import { parseSeparated } from '../../../../../web/src/lib/separated-values.ts';
import { bytesOf, type Row, rowsOf, sectionBatches } from './point-sections.ts';

const HEAD = ['run', 'metric', 'instance', 'attempt', 'step', 'time', 'timestamp', 'value'];
const timestampOf = ({ timestamp }: Row): string => formatTimestamp(timestamp * 1000n);
/** Text that a spreadsheet would take for a formula has an apostrophe before it. */
const cellOf = (text: string): string => (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text);

test('whatever the points are, a reader of CSV finds each once, and no formula', () => {
  fc.assert(
    fc.property(sectionBatches, (batches) => {
      const text = Buffer.from(bytesOf(csvPoints(), batches)).toString();
      const rows = batches.flat().flatMap(rowsOf);
      const cells = rows.map((row) =>
        [
          ...[row.run, cellOf(wellFormed(row.metric)), cellOf(wellFormed(row.instance)), row.attempt ?? ''],
          ...[row.step ?? '', row.time, timestampOf(row), row.value],
        ].map(String),
      );
      expect(parseSeparated(text, Number.POSITIVE_INFINITY)).toEqual([HEAD, ...cells]);
    }),
  );
});

test('whatever the points are, a reader of JSON finds each once, and says what is not finite', () => {
  fc.assert(
    fc.property(sectionBatches, (batches) => {
      const text = Buffer.from(bytesOf(jsonPoints(), batches)).toString();
      const rows = batches.flat().flatMap(rowsOf);
      const objects = rows.map((row) => ({
        ...row,
        step: row.step === null ? null : Number(row.step),
        time: jsonOf(row.time),
        timestamp: timestampOf(row),
        value: jsonOf(row.value),
      }));
      expect(JSON.parse(text)).toEqual(objects);
      expect(text.split('\n').filter((line) => line.startsWith('{'))).toHaveLength(rows.length);
    }),
  );
});

/** JSON has nothing that is not finite, and no negative zero. */
const jsonOf = (value: number): number | string => (Number.isFinite(value) ? value + 0 : String(value));
/** As UTF-8 brings it. */
const wellFormed = (text: string): string => Buffer.from(text).toString();
