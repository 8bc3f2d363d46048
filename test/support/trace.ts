import type { TestCollector } from './collector-app.ts';
import { HOSTILE } from './hostile.ts';

const START = BigInt(Date.now() - 60_000) * 1_000_000n;
const MILLISECOND = 1_000_000n;

/** A root of 2 s with `steps` steps below it, each with an assembly and a solution; the third step fails. */
function trace(runId: string, steps: number): unknown {
  const span = (id: number, parent: number, name: string, from: bigint, to: bigint, more: object = {}) => ({
    traceId: 'ab'.repeat(16),
    spanId: id.toString(16).padStart(16, '0'),
    ...(parent ? { parentSpanId: parent.toString(16).padStart(16, '0') } : {}),
    ...{ name, kind: 1, startTimeUnixNano: String(START + from), endTimeUnixNano: String(START + to) },
    ...more,
  });
  const spans = [span(1, 0, 'simulate', 0n, 2000n * MILLISECOND)];
  const length = (2000n * MILLISECOND) / BigInt(steps);
  for (let index = 0; index < steps; index += 1) {
    const [from, id] = [BigInt(index) * length, 10 + index * 3];
    const status = index === 2 ? { status: { code: 2, message: 'diverged' } } : {};
    const attributes = [
      { key: 'step', value: { intValue: String(index) } },
      { key: HOSTILE, value: { stringValue: HOSTILE } },
    ];
    spans.push(span(id, 1, 'step', from, from + length, { attributes, ...status }));
    spans.push(span(id + 1, id, 'assemble', from, from + length / 3n));
    spans.push(span(id + 2, id, 'solve', from + length / 3n, from + length));
  }
  const resource = { attributes: [{ key: 'simvue.run.id', value: { stringValue: runId } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
}

/** Sends the spans of a run: a root of 2 s, `steps` steps, and their parts. */
export async function sendTrace(collector: TestCollector, runId: string, steps: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(trace(runId, steps));
  const response = await fetch(`${collector.url}/v1/traces`, { method: 'POST', headers, body });
  if (response.status !== 200) throw new Error(`The spans were answered with ${response.status}`);
}
