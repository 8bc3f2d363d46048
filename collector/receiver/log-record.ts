import { EVENT, EVENT_NAME_ATTRIBUTE, LOG_RECORD_UID, POINT } from 'simvue-otel/semconv';
import type { Attributes, AttributeValue } from '../pipeline/telemetry.ts';
import { attributeText } from './attribute-text.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { identifier } from './identifier.ts';
import { addMetricsRecord } from './metrics-record.ts';
import { stepOf } from './point-attributes.ts';
import { REFUSAL } from './refusal-reasons.ts';
import { type RequestBuilder, timeProblem } from './request-builder.ts';

/** Fields of a log record, whatever its encoding. */
export interface LogFields {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  /** Not a number when the sender named a severity that does not exist. */
  severityNumber: number;
  severityText: string;
  eventName: string;
  body: AttributeValue | undefined;
  attributes: Record<string, AttributeValue>;
  /** Hexadecimal; anything but 16 and 8 bytes counts as absent. */
  traceId: string;
  spanId: string;
  /** Attributes that the SDK left out. */
  droppedAttributes: number;
}

export function emptyLogFields(): LogFields {
  return {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    eventName: '',
    body: undefined,
    attributes: Object.create(null) as Record<string, AttributeValue>,
    traceId: '',
    spanId: '',
    droppedAttributes: 0,
  };
}

/** Adds a record as an event of the part's run, or as points when it is a `simvue.metrics` record, or refuses it. */
export function addLogRecord(builder: RequestBuilder, fields: LogFields, limits: DecodeLimits): void {
  const timeUnixNano = fields.timeUnixNano || fields.observedTimeUnixNano;
  const eventName = fields.eventName || attributeText(fields.attributes[EVENT_NAME_ATTRIBUTE]);
  const problem = recordProblem(fields, timeUnixNano);
  if (problem !== undefined) {
    builder.refuse(problem);
    return;
  }
  builder.addSequence(stepOf(fields.attributes[POINT.sequence] ?? null) ?? Number.NaN);
  builder.addDropped(fields.droppedAttributes);
  if (eventName === EVENT.metrics) {
    addMetricsRecord(builder, timeUnixNano, fields.body, fields.attributes, limits);
    return;
  }
  const body = attributeText(fields.body);
  if (Buffer.byteLength(body) > limits.eventBodyBytes) {
    builder.refuse(REFUSAL.bodyTooLarge(limits.eventBodyBytes));
    return;
  }
  const uid = attributeText(fields.attributes[LOG_RECORD_UID]);
  builder.addEvent({
    timeUnixNano,
    observedTimeUnixNano: fields.observedTimeUnixNano,
    severityNumber: fields.severityNumber,
    severityText: fields.severityText,
    eventName,
    body,
    attributes: withoutIdentity(fields.attributes),
    traceId: identifier(fields.traceId, 32),
    spanId: identifier(fields.spanId, 16),
    uid: uid === '' ? undefined : uid,
  });
}

function recordProblem(fields: LogFields, timeUnixNano: bigint): string | undefined {
  if (timeUnixNano === 0n) return REFUSAL.recordTimeMissing;
  if (!(fields.severityNumber >= 0 && fields.severityNumber <= 24)) return REFUSAL.severity(fields.severityNumber);
  const tooLate = timeProblem('log record', 1, Number(timeUnixNano >> 32n));
  return tooLate ?? timeProblem('log record', 1, Number(fields.observedTimeUnixNano >> 32n));
}

/** The uid and the event name have fields of their own. */
function withoutIdentity(attributes: Record<string, AttributeValue>): Attributes {
  delete attributes[LOG_RECORD_UID];
  delete attributes[EVENT_NAME_ATTRIBUTE];
  return attributes;
}
