import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { CollectorProcess } from '../../support/collector-process.ts';
import { startGuarded } from '../../support/guarded-collector.ts';

const SECOND = 1_000_000_000n;
const START = 1_790_000_000n * SECOND;
const TRACE_ID = '000102030405060708090a0b0c0d0e0f';
const spanId = (index: number): string => (index + 1).toString(16).padStart(16, '0');

interface SpanWish {
  readonly index: number;
  readonly name?: string;
  readonly parent?: number;
}

/** Span `index` begins `index` seconds after the start and takes 1.5 s. */
function request(runId: string, wishes: readonly SpanWish[]): string {
  const spans = wishes.map(({ index, name = 'step', parent }) => ({
    traceId: TRACE_ID,
    spanId: spanId(index),
    ...(parent === undefined ? {} : { parentSpanId: spanId(parent) }),
    traceState: 'vendor=1',
    flags: 257,
    name,
    kind: 1,
    startTimeUnixNano: String(START + BigInt(index) * SECOND),
    endTimeUnixNano: String(START + BigInt(index) * SECOND + (3n * SECOND) / 2n),
    attributes: [{ key: 'index', value: { intValue: String(index) } }],
    events: [{ timeUnixNano: String(START + BigInt(index) * SECOND), name: 'begun' }],
    status: { code: index % 2 === 0 ? 1 : 2, message: index % 2 === 0 ? '' : 'odd' },
  }));
  const resource = { attributes: [{ key: 'simvue.run.id', value: { stringValue: runId } }] };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'solver', version: '2.1' }, spans }] }],
  });
}

async function send(url: string, body: string, headers: Record<string, string> = {}): Promise<unknown> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  const response = await fetch(`${url}/v1/traces`, init);
  expect(response.status).toBe(200);
  return response.json();
}

const range = (count: number, wish: Partial<SpanWish> = {}): SpanWish[] =>
  Array.from({ length: count }, (_, index) => ({ index, ...wish }));

describe('the spans of a run', () => {
  let collector: TestCollector;
  beforeAll(async () => {
    collector = await TestCollector.start();
  });
  afterAll(() => collector[Symbol.asyncDispose]());
  const spans = async (runId: string, query = '') =>
    (await collector.ask('GET', `/runs/${runId}/spans${query}`)).json as {
      count: number;
      data: { attributes: { index: number } }[];
    };
  const indexes = async (runId: string, query = '') =>
    (await spans(runId, query)).data.map(({ attributes }) => attributes.index);

  it('are read as they came, and have made the run', async () => {
    await send(
      collector.url,
      request('whole', [
        { index: 0, name: 'solve' },
        { index: 1, parent: 0 },
      ]),
    );
    const { count, data } = await spans('whole');
    expect(count).toBe(2);
    expect(data[1]).toEqual({
      trace_id: TRACE_ID,
      span_id: '0000000000000002',
      parent_span_id: '0000000000000001',
      trace_state: 'vendor=1',
      flags: 257,
      scope: { name: 'solver', version: '2.1' },
      name: 'step',
      kind: 'internal',
      start: '2026-09-21T14:13:21.000000',
      end: '2026-09-21T14:13:22.500000',
      duration: 1.5,
      status: 'error',
      status_message: 'odd',
      attributes: { index: 1 },
      events: [{ timestamp: '2026-09-21T14:13:21.000000', name: 'begun', attributes: {} }],
      links: [],
      instance: '',
    });
    expect(data[0]).toMatchObject({ parent_span_id: '', status: 'ok', name: 'solve' });
    expect((await collector.ask('GET', '/runs/whole')).json).toMatchObject({ external_id: 'whole', status: 'running' });
  });

  it('come in pages and by time and name', async () => {
    await send(collector.url, request('pages', [...range(20), { index: 20, name: 'write' }]));
    expect(await indexes('pages', '?count=3&start=5')).toEqual([5, 6, 7]);
    expect(await indexes('pages', '?name=write')).toEqual([20]);
    const [from, to] = ['2026-09-21T14:13:24.000000', '2026-09-21T14:13:26.000000'];
    expect(await indexes('pages', `?from=${from}&to=${to}`)).toEqual([4, 5, 6]);
    expect(await spans('pages', `?from=${from}&name=write&count=1`)).toMatchObject({ count: 1 });
    expect((await spans('pages', '?count=1')).count).toBe(21);
    expect((await collector.ask('GET', '/runs/pages/spans?count=0')).status).toBe(422);
    expect((await collector.ask('GET', '/runs/pages/spans?from=yesterday')).json).toMatchObject({
      detail: [{ loc: ['query', 'from'] }],
    });
    expect((await collector.ask('GET', '/runs/nosuch/spans')).status).toBe(404);
  });

  it('are stored once, however often and in whatever batches they are delivered, also across a restart', async () => {
    await send(collector.url, request('twice', range(10)));
    await send(collector.url, request('twice', range(7).reverse()));
    await collector.reopen();
    await send(collector.url, request('twice', range(12)));
    expect(await indexes('twice')).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  it('go with their run', async () => {
    await send(collector.url, request('gone', range(3)));
    expect((await collector.ask('DELETE', '/runs/gone')).status).toBe(200);
    expect(await send(collector.url, request('gone', range(4)))).toMatchObject({
      partialSuccess: { rejectedSpans: '4', errorMessage: expect.stringContaining('run was deleted') },
    });
    expect((await collector.ask('GET', '/runs/gone/spans')).status).toBe(404);
  });
});

it('spans are shown to who may read their run only', async () => {
  const { collector, tokens } = await startGuarded({
    ann: { username: 'ann', scopes: ['ingest', 'read'] },
    bob: { username: 'bob', scopes: ['ingest', 'read'] },
  });
  await using _ = collector;
  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  await send(collector.url, request('secret', range(2)), as(tokens.ann));
  expect((await collector.ask('GET', '/runs/secret/spans', undefined, as(tokens.ann))).json).toMatchObject({
    count: 2,
  });
  expect((await collector.ask('GET', '/runs/secret/spans', undefined, as(tokens.bob))).status).toBe(404);
  expect(await send(collector.url, request('secret', range(5)), as(tokens.bob))).toMatchObject({
    partialSuccess: { rejectedSpans: '5' },
  });
});

it('spans that were acknowledged survive kill -9, and are there once', async () => {
  await using collector = await CollectorProcess.start();
  const acknowledged = 40;
  for (let index = 0; index < acknowledged; index++) await send(collector.url, request('killed', [{ index }]));
  await collector.kill();
  await collector.restart();
  await send(collector.url, request('killed', range(acknowledged + 1)));
  const answer = await fetch(`${collector.url}/api/runs/killed/spans`);
  const { count, data } = (await answer.json()) as { count: number; data: { attributes: { index: number } }[] };
  expect(count).toBe(acknowledged + 1);
  expect(data.map(({ attributes }) => attributes.index)).toEqual(range(acknowledged + 1).map(({ index }) => index));
});
