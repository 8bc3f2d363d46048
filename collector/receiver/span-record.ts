import type { SpanEvent, SpanLink, SpanRecord, SpanScope } from '../pipeline/span.ts';
import { SPAN_KINDS, SPAN_STATUSES } from '../pipeline/span.ts';
import type { AttributeValue } from '../pipeline/telemetry.ts';
import { attributeText } from './attribute-text.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { identifier } from './identifier.ts';
import { REFUSAL } from './refusal-reasons.ts';
import { type RequestBuilder, timeProblem } from './request-builder.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Fields of a span, whatever its encoding: ids as the sender wrote them, kind and status any number. */
export interface SpanFields extends Mutable<Omit<SpanRecord, 'attributes' | 'events' | 'links'>> {
  attributes: Record<string, AttributeValue>;
  events: SpanEvent[];
  links: SpanLink[];
}

export function emptySpanFields(scope: SpanScope): SpanFields {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    scope,
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    statusCode: 0,
    statusMessage: '',
    attributes: Object.create(null) as Record<string, AttributeValue>,
    events: [],
    links: [],
  };
}

/** Adds a span to the part's run, or refuses it. */
export function addSpan(builder: RequestBuilder, fields: SpanFields, limits: DecodeLimits): void {
  const span: SpanRecord = {
    ...fields,
    traceId: identifier(fields.traceId, 32),
    spanId: identifier(fields.spanId, 16),
    parentSpanId: identifier(fields.parentSpanId, 16),
    kind: fields.kind in SPAN_KINDS ? fields.kind : 0,
    links: fields.links.map((link) => ({
      ...link,
      traceId: identifier(link.traceId, 32),
      spanId: identifier(link.spanId, 16),
    })),
    statusCode: fields.statusCode in SPAN_STATUSES ? fields.statusCode : 0,
  };
  const textBytes = textBytesOf(span);
  const isTooLarge = textBytes > limits.spanBytes;
  const problem = problemOf(span) ?? (isTooLarge ? REFUSAL.spanTooLarge(span.name, limits.spanBytes) : undefined);
  if (problem === undefined) builder.addSpan(span, textBytes);
  else builder.refuse(problem);
}

function problemOf(span: SpanRecord): string | undefined {
  const { name, startTimeUnixNano: start, endTimeUnixNano: end } = span;
  if (span.traceId === '' || span.spanId === '') return REFUSAL.spanIds(name);
  if (start === 0n || end === 0n) return REFUSAL.spanTimeMissing(name);
  for (const { timeUnixNano } of [{ timeUnixNano: start }, { timeUnixNano: end }, ...span.events]) {
    const late = timeProblem(name, 1, Number(timeUnixNano >> 32n));
    if (late !== undefined) return late;
  }
  return undefined;
}

function textBytesOf({ attributes, events, links, scope, ...span }: SpanRecord): number {
  let size = textBytes(span.name + span.statusMessage + span.traceState + scope.name + scope.version);
  size += textBytes(attributeText(attributes));
  for (const event of events) size += textBytes(event.name) + textBytes(attributeText(event.attributes));
  for (const link of links) size += textBytes(link.traceState) + textBytes(attributeText(link.attributes));
  return size;
}

const textBytes = (text: string): number => Buffer.byteLength(text);
