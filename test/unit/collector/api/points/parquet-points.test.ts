import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { ParquetPoints } from '../../../../../collector/api/points/parquet-points.ts';
import { bytesOf, type Row, rowsOf, sectionBatches } from './point-sections.ts';

/** What an independent reader finds in a file; times stay numbers. */
async function readBack(file: ArrayBuffer): Promise<Row[]> {
  const timestampFromMicroseconds = (micros: bigint) => micros;
  const rows = await parquetReadObjects({ file, parsers: { timestampFromMicroseconds } as never });
  return rows.map(({ attempt, step, ...row }) => ({ ...row, attempt: attempt ?? null, step: step ?? null })) as Row[];
}

test('whatever the points are, a reader of Parquet finds each once, bit for bit, a row group a piece', async () => {
  await fc.assert(
    fc.asyncProperty(sectionBatches, async (batches) => {
      const file = bytesOf(new ParquetPoints(), batches);
      expect(await readBack(file)).toEqual(batches.flat().flatMap(rowsOf));
      const { row_groups, num_rows } = parquetMetadata(file);
      const counts = batches.map((batch) => batch.reduce((sum, { columns }) => sum + columns.count, 0));
      expect(row_groups.map((group) => Number(group.num_rows))).toEqual(counts.filter((count) => count > 0));
      expect(Number(num_rows)).toBe(counts.reduce((sum, count) => sum + count, 0));
    }),
    { numRuns: 100 },
  );
});

test('a file that was not ended is no file', () => {
  const encoder = new ParquetPoints();
  const begun = encoder.rows([]);
  expect(Buffer.from(begun).toString()).toBe('PAR1');
  expect(() => parquetMetadata(new Uint8Array(begun).buffer)).toThrow();
});
