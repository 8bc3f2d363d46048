import { createHash } from 'node:crypto';
import type { Reply, TestCollector } from './collector-app.ts';

/** What Simvue's Python client sends for content. */
export function artifactBody(content: Uint8Array, change: Record<string, unknown> = {}) {
  return {
    name: 'hello.txt',
    original_path: 'scratch/hello.txt',
    size: content.length,
    mime_type: 'text/plain',
    checksum: createHash('sha256').update(content).digest('hex'),
    metadata: { m: 1 },
    ...change,
  };
}

/** Form as `requests` writes it: fields first, then the part `file`. */
export function uploadForm(content: Uint8Array, fields: Record<string, string> = { key: 'x' }): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([content as Uint8Array<ArrayBuffer>]), 'file');
  return form;
}

export async function createRun(collector: TestCollector): Promise<string> {
  return (await collector.ask('POST', '/runs', { folder: '/artifacts', name: 'holder' })).json.id;
}

/** An artifact without content, and where its content goes. @param body - over what {@link artifactBody} says of nothing. */
export async function announce(
  collectorUrl: string,
  body: Record<string, unknown>,
): Promise<{ id: string; url: string }> {
  const response = await fetch(`${collectorUrl}/api/artifacts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...artifactBody(Buffer.alloc(0)), ...body }),
  });
  return (await response.json()) as { id: string; url: string };
}

/** The whole way of the Python client. @returns the view at its end. */
export async function saveArtifact(
  collector: TestCollector,
  content: Uint8Array,
  change?: Record<string, unknown>,
  run?: { id: string; category: string },
): Promise<Reply['json']> {
  const { id, url } = await announce(collector.url, artifactBody(content, change));
  const answer = await fetch(url, { method: 'POST', body: uploadForm(content) });
  if (answer.status !== 200) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
  await collector.ask('PUT', `/artifacts/${id}`, { uploaded: true });
  if (run !== undefined) await collector.ask('PUT', `/runs/${run.id}/artifacts/${id}`, { category: run.category });
  return (await collector.ask('GET', `/artifacts/${id}`)).json;
}
