import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventStreamParser } from '../../../web/src/lib/sse.ts';

const STREAM =
  ': hello\n\nevent: hello\ndata: {"a":1}\n\nevent: change\r\ndata: one\r\ndata:two\r\n\r\ndata: plain\n\nid: 7\n\n';
const MESSAGES = [
  { event: 'hello', data: '{"a":1}' },
  { event: 'change', data: 'one\ntwo' },
  { event: 'message', data: 'plain' },
];

describe('event stream parser', () => {
  it('gives the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
        const parse = createEventStreamParser();
        const edges = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const got = edges.flatMap((edge, index) => parse(STREAM.slice(edges[index - 1] ?? 0, edge)));
        expect(got).toEqual(MESSAGES);
      }),
    );
  });
  it('reports nothing before the empty line', () => {
    const parse = createEventStreamParser();
    expect(parse('data: x\n')).toEqual([]);
    expect(parse('\n')).toEqual([{ event: 'message', data: 'x' }]);
  });
  it('refuses a message without end', () => {
    const parse = createEventStreamParser();
    expect(() => parse(`data: ${'x'.repeat(4_000_001)}`)).toThrow('more than 4 MB');
  });
});
