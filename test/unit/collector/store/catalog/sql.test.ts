import fc from 'fast-check';
import { expect, test } from 'vitest';
import { join, named, raw, sql } from '../../../../../collector/store/catalog/sql.ts';

test('parts of SQL stand where they are put, and their parameters come in the order of their marks', () => {
  const condition = sql`${named('a"b')} = ${1} OR x IN (${join([sql`${'two'}`, sql`${3n}`])})`;
  const query = sql`SELECT ${raw('x, y')} FROM t WHERE (${condition}) AND y = ${null} LIMIT ${4}`;
  expect(query).toMatchObject({
    text: 'SELECT x, y FROM t WHERE ("a""b" = ? OR x IN (?, ?)) AND y = ? LIMIT ?',
    parameters: [1, 'two', 3n, null, 4],
  });
});

test('law: a value is a parameter, whatever it says, and never text', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (values) => {
      const query = sql`SELECT 1 WHERE ${join(
        values.map((value) => sql`x = ${value}`),
        ' AND ',
      )}`;
      expect(query.text).toBe(`SELECT 1 WHERE ${values.map(() => 'x = ?').join(' AND ')}`);
      expect(query.parameters).toEqual(values);
    }),
  );
});
