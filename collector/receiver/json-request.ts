import { anyValueOfJson, keyValuesOfJson } from './any-value-json.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { InternedResource } from './interned-resource.ts';
import { jsonSeverity } from './json-enums.ts';
import {
  type JsonObject,
  jsonInt32,
  jsonUnsigned,
  messageField,
  messages,
  parseJson,
  textField,
} from './json-fields.ts';
import { addLogRecord } from './log-record.ts';
import { decodeMetricJson } from './metrics-json.ts';
import type { RequestBuilder } from './request-builder.ts';
import type { ResourceRegistry } from './resource-registry.ts';
import { decodeSpanJson, readScopeJson } from './spans-json.ts';

/** Walks OTLP/JSON export requests; gives the same result as the protobuf form of the same request. */
export class JsonRequest {
  readonly #builder: RequestBuilder;
  readonly #registry: ResourceRegistry;
  readonly #limits: DecodeLimits;
  readonly #maxDepth: number;

  constructor(builder: RequestBuilder, registry: ResourceRegistry, limits: DecodeLimits, maxDepth: number) {
    this.#builder = builder;
    this.#registry = registry;
    this.#limits = limits;
    this.#maxDepth = maxDepth;
  }

  decodeMetrics(body: Buffer): void {
    const root = parseJson(body, this.#maxDepth);
    for (const scope of this.#scopes(root, 'resourceMetrics', 'scopeMetrics')) {
      for (const metric of messages(scope, 'metrics')) decodeMetricJson(this.#builder, metric, this.#limits);
    }
  }

  decodeLogs(body: Buffer): void {
    const root = parseJson(body, this.#maxDepth);
    for (const scope of this.#scopes(root, 'resourceLogs', 'scopeLogs')) {
      for (const record of messages(scope, 'logRecords')) this.#decodeRecord(record);
    }
  }

  decodeTraces(body: Buffer): void {
    const root = parseJson(body, this.#maxDepth);
    for (const scope of this.#scopes(root, 'resourceSpans', 'scopeSpans')) {
      const spanScope = readScopeJson(scope);
      for (const span of messages(scope, 'spans')) decodeSpanJson(this.#builder, span, spanScope, this.#limits);
    }
  }

  *#scopes(root: JsonObject, resourcesKey: string, scopesKey: string): Generator<JsonObject> {
    for (const item of messages(root, resourcesKey)) {
      const resource = messageField(item, 'resource');
      const key = Buffer.from(JSON.stringify(resource));
      const entry = this.#registry.intern(
        key,
        0,
        key.length,
        (keyBytes) => new InternedResource(keyValuesOfJson(resource, 'attributes', this.#limits.depth), keyBytes),
      );
      this.#builder.startPart(entry);
      yield* messages(item, scopesKey);
    }
  }

  #decodeRecord(record: JsonObject): void {
    const { depth } = this.#limits;
    const fields = {
      timeUnixNano: jsonUnsigned(record['timeUnixNano']),
      observedTimeUnixNano: jsonUnsigned(record['observedTimeUnixNano']),
      severityNumber: jsonSeverity(record['severityNumber']),
      severityText: textField(record, 'severityText'),
      eventName: textField(record, 'eventName'),
      body: record['body'] === undefined ? undefined : anyValueOfJson(record['body'], depth),
      attributes: keyValuesOfJson(record, 'attributes', depth),
      traceId: textField(record, 'traceId'),
      spanId: textField(record, 'spanId'),
      droppedAttributes: jsonInt32(record['droppedAttributesCount']) >>> 0,
    };
    addLogRecord(this.#builder, fields, this.#limits);
  }
}
