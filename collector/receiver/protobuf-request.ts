import type { SpanScope } from '../pipeline/span.ts';
import { readResourceAttributes } from './any-value-protobuf.ts';
import { InternedResource } from './interned-resource.ts';
import { decodeLogRecord } from './logs-protobuf.ts';
import { MetricsProtobuf } from './metrics-protobuf.ts';
import type { ProtobufDecoding } from './protobuf-decoding.ts';
import type { ResourceRegistry } from './resource-registry.ts';
import { decodeSpan, readScope } from './spans-protobuf.ts';

/** Key of the repeated message field that all levels of an OTLP request have in common: 1 at the top, 2 below it. */
const FIELD_1 = 10;
const FIELD_2 = 18;

/** Walks OTLP export requests: resource → scope → metric, log record or span. */
export class ProtobufRequest {
  readonly #decoding: ProtobufDecoding;
  readonly #registry: ResourceRegistry;
  readonly #metrics: MetricsProtobuf;

  constructor(decoding: ProtobufDecoding, registry: ResourceRegistry) {
    this.#decoding = decoding;
    this.#registry = registry;
    this.#metrics = new MetricsProtobuf(decoding);
  }

  decodeMetrics(body: Buffer): void {
    this.#decodeScopes(body, (scopeEnd, resource) =>
      this.#each(scopeEnd, FIELD_2, (end) => this.#metrics.decode(end, resource)),
    );
  }

  decodeLogs(body: Buffer): void {
    this.#decodeScopes(body, (scopeEnd) =>
      this.#each(scopeEnd, FIELD_2, (end) => decodeLogRecord(this.#decoding, end)),
    );
  }

  decodeTraces(body: Buffer): void {
    this.#decodeScopes(body, (scopeEnd) => {
      const scope = this.#scope(scopeEnd);
      this.#each(scopeEnd, FIELD_2, (end) => decodeSpan(this.#decoding, end, scope));
    });
  }

  #decodeScopes(body: Buffer, decodeScope: (scopeEnd: number, resource: InternedResource) => void): void {
    const { reader, builder } = this.#decoding;
    reader.reset(body);
    this.#each(body.length, FIELD_1, (resourceEnd) => {
      const resource = this.#resource(reader.position, resourceEnd);
      builder.startPart(resource);
      this.#each(resourceEnd, FIELD_2, (scopeEnd) => decodeScope(scopeEnd, resource));
    });
  }

  /** The scope of what lies before `end`, which may stand behind it. */
  #scope(end: number): SpanScope {
    const { reader } = this.#decoding;
    const start = reader.position;
    let scope: SpanScope = { name: '', version: '' };
    this.#each(end, FIELD_1, (fieldEnd) => {
      scope = readScope(reader, fieldEnd);
    });
    reader.position = start;
    return scope;
  }

  /** The resource of the message at `[start, end)`, which may stand behind the scopes. */
  #resource(start: number, end: number): InternedResource {
    const { reader, limits } = this.#decoding;
    let resourceStart = start;
    let resourceEnd = start;
    this.#each(end, FIELD_1, (fieldEnd) => {
      resourceStart = reader.position;
      resourceEnd = fieldEnd;
      reader.position = fieldEnd;
    });
    const resource = this.#registry.intern(reader.bytes, resourceStart, resourceEnd, (keyBytes) => {
      reader.position = resourceStart;
      return new InternedResource(readResourceAttributes(reader, resourceEnd, limits.depth), keyBytes);
    });
    reader.position = start;
    return resource;
  }

  /** Calls `visit` with the end of each message in field `key`, and skips the others. `visit` leaves the reader at that end. */
  #each(end: number, key: number, visit: (fieldEnd: number) => void): void {
    const { reader } = this.#decoding;
    while (reader.position < end) {
      const tag = reader.tag();
      if (tag === key) visit(reader.fieldEnd(end));
      else reader.skip(tag, end);
    }
  }
}
