import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Delivery } from '../../../../collector/exporter/delivery.ts';
import { ExportHealth } from '../../../../collector/exporter/export-health.ts';
import { SimvueError } from '../../../../src/errors.ts';

const open = () => {
  const told: string[] = [];
  const health = new ExportHealth((_level, message) => told.push(message));
  return { told, health, delivery: new Delivery(new AbortController().signal, health) };
};

test('what the target refuses alone is counted with its reason, everything else arrives once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ items: fc.integer({ min: 1, max: 9 }), isBad: fc.boolean() })),
      async (list) => {
        const { health, delivery } = open();
        const taken: (typeof list)[number][] = [];
        await delivery.send(
          list,
          ({ items }) => items,
          async (entries) => {
            if (entries.some(({ isBad }) => isBad)) throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', 'no');
            taken.push(...entries);
          },
        );
        const [good, bad] = [list.filter(({ isBad }) => !isBad), list.filter(({ isBad }) => isBad)];
        const count = (entries: typeof list) => entries.reduce((sum, { items }) => sum + items, 0);
        expect(taken).toEqual(good);
        expect([health.sentItems, health.refusals.total]).toEqual([count(good), count(bad)]);
      },
    ),
  );
});

test('a run that is gone at the target costs one request, not one for each of its entries', async () => {
  const { health, delivery, told } = open();
  let requests = 0;
  await delivery.send(
    Array.from({ length: 1_000 }, (_, index) => index),
    () => 1,
    async () => {
      requests++;
      throw new SimvueError('SIMVUE_ERR_NOT_FOUND', 'run is not known');
    },
  );
  expect(requests).toBe(1);
  expect([...health.refusals.entries]).toEqual([['SIMVUE_ERR_NOT_FOUND', 1_000]]);
  expect(told).toEqual(['run is not known']);
});

test('with wrong credentials nothing is given up', async () => {
  const health = new ExportHealth(() => undefined);
  const stop = new AbortController();
  const delivery = new Delivery(stop.signal, health);
  const sending = delivery.attempt(async () => {
    setImmediate(() => stop.abort());
    throw new SimvueError('SIMVUE_ERR_UNAUTHORISED', 'token is unknown');
  });
  await expect(sending).rejects.toThrow();
  expect([health.failures, health.refusals.total]).toEqual([1, 0]);
});
