import { ALERT_EVENT, LOG_RECORD_UID, RESOURCE } from 'simvue-otel/semconv';
import { parseTimestamp } from 'simvue-otel/time';
import type { Channel, Delivery } from './channel.ts';
import type { HttpSender } from './http-sender.ts';
import { details, headline } from './wording.ts';

const GROUP_SIZE = 100;
const ERROR_SEVERITY = 17;
const INFO_SEVERITY = 9;

/** Sends a log record a message to `/v1/logs` of an OpenTelemetry Collector. */
export class OtlpChannel implements Channel {
  readonly groupSize = GROUP_SIZE;
  readonly name: string;
  readonly #sender: HttpSender;

  constructor(name: string, sender: HttpSender) {
    this.name = name;
    this.#sender = sender;
  }

  async send(deliveries: readonly Delivery[]): Promise<void> {
    const resource = { attributes: encode({ [RESOURCE.serviceName]: 'simvue-otel-collector' }) };
    const body = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: deliveries.map(recordOf) }] }] };
    await this.#sender.post(Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  }

  async close(): Promise<void> {
    this.#sender.close();
  }
}

function recordOf(delivery: Delivery) {
  const { id, state, time, run, alert } = delivery;
  const isGood = state === 'resolved' || state === 'completed';
  return {
    timeUnixNano: String(parseTimestamp(time) ?? 0n),
    severityNumber: isGood ? INFO_SEVERITY : ERROR_SEVERITY,
    severityText: isGood ? 'INFO' : 'ERROR',
    body: { stringValue: [headline(delivery), ...details(delivery)].join('\n') },
    attributes: encode({
      [LOG_RECORD_UID]: id,
      [RESOURCE.runId]: run.id,
      [RESOURCE.runName]: run.name,
      [ALERT_EVENT.status]: state,
      ...(alert === undefined ? {} : { [ALERT_EVENT.name]: alert.name, [ALERT_EVENT.metric]: alert.series }),
    }),
  };
}

function encode(attributes: Readonly<Record<string, string>>) {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
