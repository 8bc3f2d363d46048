import type { DecodeLimits } from './decode-limits.ts';
import type { ProtobufReader } from './protobuf-reader.ts';
import type { RequestBuilder } from './request-builder.ts';

/** What the protobuf decoders of one request share. */
export interface ProtobufDecoding {
  readonly reader: ProtobufReader;
  readonly builder: RequestBuilder;
  readonly limits: DecodeLimits;
}
