import { readFileSync } from 'node:fs';
import { encode } from '@msgpack/msgpack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';
import { inRepository } from '../../support/repository.ts';

/** What the published Python client 2.5.3 asked, and what it was answered, recorded on the wire: one file after the other, one server. */
const RECORDS = ['1-write.txt', '2-read.txt', '3-life.txt'];
const VIEWS: Readonly<Record<string, unknown>> = JSON.parse(golden('views.json'));
/** An answer of which only the shape is recorded, and perhaps the id. */
const VIEW = /^<(\w+) view(?: (\w+))?>$/;
const ID = /^[A-Za-z0-9]{22}$/;
/** Keys whose value is another on each server. */
const FREE = new Set(['detail', 'user', 'username', 'tenant', 'fields']);
const OPAQUE = /^([A-Za-z0-9]{22}|https?:\/\/.*|\/store\/.*|\d{4}-\d\d-\d\dT.*|default0+)$/;

interface Exchange {
  readonly place: string;
  readonly method: string;
  readonly path: string;
  readonly encoding: string | undefined;
  readonly body: unknown;
  readonly status: number;
  readonly reply: unknown;
}

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

/** Recorded ids and those that stand for them here. */
const ids = new Map<string, string>();
const uploads = new Map<string, { readonly url: string; readonly fields: Record<string, string> }>();

describe.each(RECORDS)('%s', (file) => {
  it.each(exchangesOf(file))('$place $method $path is answered $status', async (exchange) => {
    const { status, reply } = await replay(exchange);
    expect([status, reply]).toEqual([exchange.status, reply]);
    learn(exchange.reply, reply);
    expect(reply).toEqual(likeRecorded(exchange.reply, reply));
  });
});

async function replay(exchange: Exchange): Promise<{ status: number; reply: unknown }> {
  const { method, path, encoding, body } = here(exchange) as Exchange;
  const artifact = /^\/store\/(\w+)/.exec(path)?.[1];
  if (artifact !== undefined) return method === 'POST' ? upload(artifact, String(body)) : download(artifact);
  const url = `${collector.url}/api${path.replace(/[^?]*$/, (query) => encodeURI(query))}`;
  const bytes = encoding === 'msgpack' ? Buffer.from(encode(body)) : JSON.stringify(body);
  const headers = { 'user-agent': 'Simvue Python client 2.5.3', 'content-type': `application/${encoding}` };
  // `fetch` sends no body with a GET; the server takes the list from the query, too.
  const span = method === 'GET' && body !== undefined ? `?runs=${encodeURIComponent(JSON.stringify(body))}` : '';
  const answer = await fetch(`${url}${span}`, {
    method,
    ...(body === undefined || method === 'GET' ? {} : { headers, body: bytes }),
  });
  const reply = (await answer.json()) as { id?: string; url?: string; fields?: Record<string, string> };
  if (method === 'POST' && path === '/artifacts' && reply.id !== undefined && reply.url !== undefined) {
    uploads.set(reply.id, { url: reply.url, fields: reply.fields ?? {} });
  }
  return { status: answer.status, reply };
}

async function upload(artifact: string, content: string): Promise<{ status: number; reply: unknown }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(uploads.get(artifact)?.fields ?? {})) form.append(name, value);
  form.append('file', new Blob([content]), 'file');
  const answer = await fetch(uploads.get(artifact)?.url ?? '', { method: 'POST', body: form });
  return { status: answer.status, reply: await answer.json() };
}

async function download(artifact: string): Promise<{ status: number; reply: unknown }> {
  const { json } = await collector.ask('GET', `/artifacts/${artifact}`);
  const answer = await fetch(json.url);
  return { status: answer.status, reply: (await answer.arrayBuffer()).byteLength > 0 ? '<bytes>' : '' };
}

/** The same with ids of this server. */
function here(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/[A-Za-z0-9]{22}/g, (id) => ids.get(id) ?? id));
}

function learn(recorded: unknown, answered: unknown): void {
  if (typeof recorded === 'string') {
    const seen = VIEW.exec(recorded)?.[2];
    if (seen !== undefined) learn(seen, (answered as { id: string }).id);
    else if (ID.test(recorded) && typeof answered === 'string' && !ids.has(recorded)) ids.set(recorded, answered);
  }
  if (typeof recorded !== 'object' || recorded === null || typeof answered !== 'object' || answered === null) return;
  for (const [key, value] of Object.entries(recorded)) learn(value, (answered as Record<string, unknown>)[key]);
}

/** What the answer must look like: plain values as recorded; ids, times and views by their type only. Keys may be more. */
function likeRecorded(recorded: unknown, answered: unknown): unknown {
  const view = typeof recorded === 'string' ? VIEW.exec(recorded)?.[1] : undefined;
  if (view !== undefined) return shapeOf(VIEWS[view]);
  if (recorded === null) return answered;
  if (typeof recorded === 'string') return OPAQUE.test(recorded) ? expect.any(String) : here(recorded);
  if (Array.isArray(recorded)) return listLike(recorded, answered);
  if (typeof recorded !== 'object') return recorded;
  const fields = Object.entries(recorded).map(([recordedKey, value]) => {
    const key = ids.get(recordedKey) ?? recordedKey;
    const found = (answered as Readonly<Record<string, unknown>> | null)?.[key];
    return [key, FREE.has(key) ? expect.anything() : likeRecorded(value, found)] as const;
  });
  return expect.objectContaining(Object.fromEntries(fields));
}

/** A list of views has at least one; of ids, the same ones in any order; nothing recorded says nothing. */
function listLike(recorded: readonly unknown[], answered: unknown): unknown {
  const list = Array.isArray(answered) ? answered : [];
  const [first] = recorded;
  if (first === undefined) return list;
  if (typeof first === 'string' && VIEW.test(first))
    return [first, ...list.slice(1)].map((_) => likeRecorded(first, null));
  if (recorded.every((entry) => typeof entry === 'string')) return expect.arrayContaining(here(recorded) as unknown[]);
  return recorded.map((entry, index) => likeRecorded(entry, list[index]));
}

function shapeOf(value: unknown): unknown {
  if (value === null) return expect.toSatisfy(() => true);
  if (Array.isArray(value)) return expect.any(Array);
  if (typeof value !== 'object') return expect.any(value?.constructor as never);
  return expect.objectContaining(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)])));
}

function exchangesOf(file: string): Exchange[] {
  const exchanges: Exchange[] = [];
  let [title, request, body] = ['', '', undefined as unknown];
  for (const [index, line] of golden(file).split('\n').entries()) {
    if (line.startsWith('#')) title = line.slice(2);
    else if (line.startsWith('>')) body = JSON.parse(line.slice(2));
    else if (line.startsWith('<')) {
      const [, method = '', path = '', encoding] = /^(\w+) (.*?)(?: (json|msgpack|multipart))?$/.exec(request) ?? [];
      const [, status, reply = ''] = /^< (\d+) (.*)$/.exec(line) ?? [];
      const place = `${index + 1} (${title})`;
      exchanges.push({ place, method, path, encoding, body, status: Number(status), reply: JSON.parse(reply) });
      body = undefined;
    } else request = line;
  }
  return exchanges;
}

function golden(file: string): string {
  return readFileSync(inRepository(`test/integration/rest/golden/${file}`), 'utf8');
}
