import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpanView } from '../../../collector/api/contract/span.ts';
import { extentOf, formatSpan, layOut, spanKey, spanTicks } from '../../../web/src/lib/waterfall.ts';

const id = (number: number) => String(number).padStart(16, '0');
const span = (number: number, parent: number | undefined, second: number, duration = 1): SpanView => ({
  trace_id: 'a'.repeat(32),
  span_id: id(number),
  trace_state: '',
  flags: 0,
  scope: { name: '', version: '' },
  parent_span_id: parent === undefined ? '' : id(parent),
  name: `span ${number}`,
  kind: 'internal',
  start: `2026-01-31T12:00:${String(second).padStart(2, '0')}.000000`,
  end: '',
  duration,
  status: 'unset',
  status_message: '',
  attributes: {},
  events: [],
  links: [],
  instance: '',
});
const names = (spans: readonly SpanView[], folded: ReadonlySet<string> = new Set()) =>
  layOut(spans, folded).map(({ span: { name }, depth }) => `${'-'.repeat(depth)}${name}`);

describe('a waterfall', () => {
  it('has each span below its parent, the earlier first, whatever the order of arrival', () => {
    const spans = [span(4, 2, 3), span(3, 1, 5), span(1, undefined, 0, 9), span(2, 1, 2), span(5, undefined, 8)];
    expect(names(spans)).toEqual(['span 1', '-span 2', '--span 4', '-span 3', 'span 5']);
  });
  it('leaves out what is below a folded span', () => {
    const spans = [span(1, undefined, 0), span(2, 1, 1), span(3, 2, 2), span(4, undefined, 3)];
    const [first] = spans;
    expect(names(spans, new Set(first ? [spanKey(first)] : []))).toEqual(['span 1', 'span 4']);
  });
  it('makes a root of a span whose parent is not there, and shows rings once', () => {
    expect(names([span(2, 9, 0)])).toEqual(['span 2']);
    expect(names([span(1, 2, 0), span(2, 1, 1), span(3, 3, 2)])).toEqual(['span 3', 'span 1', '-span 2']);
  });
  it('has every span once, below an ancestor that is one less deep', () => {
    const arbitrary = fc.array(fc.record({ parent: fc.nat(12), second: fc.nat(59) }), { maxLength: 12 });
    fc.assert(
      fc.property(arbitrary, (specifications) => {
        const spans = specifications.map(({ parent, second }, index) => span(index + 1, parent || undefined, second));
        const rows = layOut(spans, new Set());
        expect(new Set(rows.map(({ key }) => key)).size).toBe(spans.length);
        expect(rows).toHaveLength(spans.length);
        rows.forEach(({ depth, span: { parent_span_id } }, index) => {
          if (depth === 0) return;
          const above = rows.slice(0, index).findLast((row) => row.depth === depth - 1);
          expect(above?.span.span_id).toBe(parent_span_id);
        });
      }),
    );
  });
  it('is as long as its spans, with a ruler that counts from the first', () => {
    const extent = extentOf(layOut([span(1, undefined, 0, 10), span(2, 1, 2, 12)], new Set()));
    expect(extent[1] - extent[0]).toBeCloseTo(14);
    expect(spanTicks([100, 110], 100, 600).map(({ label }) => label)).toEqual([
      '0',
      '2 s',
      '4 s',
      '6 s',
      '8 s',
      '10 s',
    ]);
    expect([3e-9, 4.2e-5, 0.125, 3.25, 125].map(formatSpan)).toEqual(['3 ns', '42 µs', '125 ms', '3.25 s', '2 m 05 s']);
  });
});
