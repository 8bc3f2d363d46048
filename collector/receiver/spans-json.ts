import type { SpanEvent, SpanLink, SpanScope } from '../pipeline/span.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '../pipeline/span.ts';
import { keyValuesOfJson } from './any-value-json.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { type JsonObject, jsonInt32, jsonUnsigned, messageField, messages, textField } from './json-fields.ts';
import type { RequestBuilder } from './request-builder.ts';
import { addSpan } from './span-record.ts';

/** Decodes a `Span` of OTLP/JSON. */
export function decodeSpanJson(
  builder: RequestBuilder,
  span: JsonObject,
  scope: SpanScope,
  limits: DecodeLimits,
): void {
  const { depth } = limits;
  const status = messageField(span, 'status');
  const fields = {
    traceId: textField(span, 'traceId'),
    spanId: textField(span, 'spanId'),
    parentSpanId: textField(span, 'parentSpanId'),
    traceState: textField(span, 'traceState'),
    flags: jsonInt32(span['flags']) >>> 0,
    scope,
    name: textField(span, 'name'),
    kind: enumNumber(span['kind'], 'SPAN_KIND_', SPAN_KINDS),
    startTimeUnixNano: jsonUnsigned(span['startTimeUnixNano']),
    endTimeUnixNano: jsonUnsigned(span['endTimeUnixNano']),
    statusCode: enumNumber(status['code'], 'STATUS_CODE_', SPAN_STATUSES),
    statusMessage: textField(status, 'message'),
    attributes: keyValuesOfJson(span, 'attributes', depth),
    events: [...messages(span, 'events')].map((event) => readEvent(event, depth)),
    links: [...messages(span, 'links')].map((link) => readLink(link, depth)),
  };
  addSpan(builder, fields, limits);
}

/** The scope that the spans of a `ScopeSpans` of OTLP/JSON have in common. */
export function readScopeJson(scopeSpans: JsonObject): SpanScope {
  const scope = messageField(scopeSpans, 'scope');
  return { name: textField(scope, 'name'), version: textField(scope, 'version') };
}

function readEvent(event: JsonObject, depth: number): SpanEvent {
  const attributes = keyValuesOfJson(event, 'attributes', depth);
  return { timeUnixNano: jsonUnsigned(event['timeUnixNano']), name: textField(event, 'name'), attributes };
}

function readLink(link: JsonObject, depth: number): SpanLink {
  const attributes = keyValuesOfJson(link, 'attributes', depth);
  return {
    traceId: textField(link, 'traceId'),
    spanId: textField(link, 'spanId'),
    traceState: textField(link, 'traceState'),
    flags: jsonInt32(link['flags']) >>> 0,
    attributes,
  };
}

/** An enum as its number or its name; -1 when it is neither. */
function enumNumber(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value !== 'string' || !value.startsWith(prefix)) return jsonInt32(value);
  return names.indexOf(value.slice(prefix.length).toLowerCase());
}
