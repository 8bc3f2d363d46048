import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CallStream,
  failureTrailers,
  framed,
  readMessage,
} from '../../../../../collector/receiver/grpc/grpc-message.ts';
import { BodyReader } from '../../../../../collector/receiver/request-body.ts';

/** A call whose bytes come in pieces. */
function call(pieces: readonly Uint8Array[], aborted = false): CallStream {
  return Object.assign(Readable.from(pieces, { objectMode: false }), { aborted });
}

const bodies = () => new BodyReader({ maxBodyBytes: 1 << 20, maxInFlightBytes: 8 << 20 });

describe('the message of a call', () => {
  test('is what was framed, however it comes in pieces, plain or compressed', async () => {
    const pieces = fc.array(fc.nat(40), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), pieces, fc.boolean(), async (message, cuts, isGzip) => {
        const payload = isGzip ? gzipSync(message) : Buffer.from(message);
        const frame = framed(payload);
        frame[0] = isGzip ? 1 : 0;
        const sorted = [0, ...cuts.toSorted((a, b) => a - b), frame.length];
        const parts = sorted.slice(1).map((end, i) => frame.subarray(sorted[i], end));
        const reader = bodies();
        const body = await readMessage(call(parts), { 'grpc-encoding': 'gzip' }, reader);
        expect(body?.bytes).toEqual(Buffer.from(message));
        body?.release();
        expect(reader.inFlightBytes).toBe(0);
      }),
    );
  });

  const good = framed(Buffer.from('hello'));
  test.each([
    ['nothing at all', [], /holds no gRPC message/],
    ['an unknown flag', [Buffer.from([2, 0, 0, 0, 0])], /holds no gRPC message/],
    ['less than it should have', [good.subarray(0, 8)], /holds 3 bytes, its message should have 5/],
    ['two messages', [good, good], /holds 15 bytes, its message should have 5/],
    ['a compressed message without an encoding', [Buffer.from([1, 0, 0, 0, 0])], /marked as compressed/],
  ] as const)('that holds %s is malformed, and its memory is free again', async (_title, pieces, reason) => {
    const reader = bodies();
    await expect(readMessage(call(pieces), {}, reader)).rejects.toThrow(reason);
    expect(reader.inFlightBytes).toBe(0);
  });

  test('of a client that cancelled is nothing', async () => {
    const reader = bodies();
    expect(await readMessage(call([good], true), {}, reader)).toBeUndefined();
    expect(reader.inFlightBytes).toBe(0);
  });

  test('in an unknown encoding is not read', async () => {
    const reading = readMessage(call([good]), { 'grpc-encoding': 'snappy' }, bodies());
    await expect(reading).rejects.toThrow('grpc-encoding snappy is not supported');
  });
});

test('the message of a failure is in ASCII, and is the same again when it is decoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { 'grpc-message': encoded } = failureTrailers({ status: 400, rejected: 0, message: text });
      expect(encoded).toMatch(/^[ -~]*$/);
      expect(decodeURIComponent(String(encoded))).toBe(text);
    }),
  );
});
