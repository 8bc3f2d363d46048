import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_PREFIX_BYTES } from '../../../../src/frame-log.ts';
import { encodeAssignment, encodePoint, type GridFrame, readGridRecords } from '../../../../src/grids/grid-frames.ts';
import { type NumberGrid, numberGrid } from '../../../../src/grids/number-grid.ts';

const line = fc.array(fc.double(), { minLength: 1, maxLength: 5 });
const values = fc.oneof(
  line,
  line.chain(({ length }) =>
    fc.array(fc.array(fc.double(), { minLength: length, maxLength: length }), { minLength: 1 }),
  ),
);
const point = fc.record({ metric: fc.string(), step: fc.integer(), time: fc.integer(), timestamp: fc.string() });
const assignment = fc.record({
  metric: fc.string(),
  name: fc.string(),
  grid: fc.array(fc.array(fc.integer())),
  labels: fc.array(fc.string()),
});

const payload = ({ frame, payloadBytes }: GridFrame) =>
  frame.subarray(FRAME_PREFIX_BYTES, FRAME_PREFIX_BYTES + payloadBytes);

test('payloads that stand one behind the other are read as they were written, to the bit', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(assignment, fc.tuple(point, values))), (records) => {
      const payloads = records.map((record) =>
        payload(
          Array.isArray(record)
            ? encodePoint(record[0], numberGrid(record[1]) as NumberGrid)
            : encodeAssignment(record),
        ),
      );
      const expected = records.map((record) =>
        Array.isArray(record) ? { kind: 'point', ...record[0], array: record[1] } : { kind: 'assign', ...record },
      );
      expect([...readGridRecords(Buffer.concat(payloads))]).toEqual(expected);
    }),
  );
});
