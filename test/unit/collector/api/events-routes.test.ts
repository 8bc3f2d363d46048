import { describe, expect, it } from 'vitest';
import { createPorts, createTestServer, eventRecord, runRow, SECOND } from './ports.ts';

const RUN = runRow();

describe('GET /api/events', () => {
  const events = Array.from({ length: 12_001 }, (_, index) => eventRecord(index, { severityNumber: (index % 7) * 4 }));
  const ports = () => createPorts({ runs: [RUN], events: { [RUN.id]: events } });
  const read = async (query: string) =>
    (await createTestServer(ports()).get(`/api/events?run=${RUN.id}&${query}`)).json as {
      count: number;
      data: object[];
    };

  it('has exactly the keys that clients allow, and levels in their words', async () => {
    const { data } = await read('filters=&start=0&count=7');
    expect(data.map((entry) => Object.keys(entry).join())).toEqual(Array(7).fill('timestamp,message,log_level'));
    expect(data.map((entry) => (entry as { log_level: unknown }).log_level)).toEqual([
      null,
      'debug',
      'debug',
      'info',
      'warning',
      'error',
      'critical',
    ]);
  });

  it.each([
    ['count=0', 12_001, 'event 0', 'event 12000'],
    ['', 100, 'event 0', 'event 99'],
    ['start=4999&count=5001', 5001, 'event 4999', 'event 9999'],
    ['start=12000&count=100', 1, 'event 12000', 'event 12000'],
  ])('%j gives %i events from %j to %j', async (query, length, first, last) => {
    const { count, data } = await read(query);
    expect([count, data.length]).toEqual([12_001, length]);
    expect([data.at(0), data.at(-1)]).toMatchObject([{ message: first }, { message: last }]);
  });

  it('past the end is empty and counts the total', async () => {
    expect(await read('start=20000&count=0')).toEqual({ count: 12_001, data: [] });
  });

  it('looks for a part of the message', async () => {
    const filters = encodeURIComponent('["event.message contains 12000"]');
    expect(await read(`filters=${filters}`)).toMatchObject({ count: 1, data: [{ message: 'event 12000' }] });
  });

  it('counts events in windows, whatever form the times have', async () => {
    const asked = ports();
    const { get } = createTestServer(asked);
    const times = 'timestamp_begin=2026-01-01%2000:00:00&timestamp_end=2026-01-01T00:01:30.000000';
    const { json } = await get(`/api/events/histogram?run=${RUN.id}&window=60&${times}`);
    expect(json).toEqual({ data: [{ timestamp: '2026-01-01T00:00:00.000000', count: 10 }] });
    const begin = 1_767_225_600n * SECOND;
    expect(asked.asked.histogram).toEqual([[RUN.id, begin, begin + 120n * SECOND, 2]]);
    expect((await get(`/api/events/histogram?run=${RUN.id}&window=0.001&${times}`)).status).toBe(422);
  });
});
