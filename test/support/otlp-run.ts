import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MILLISECONDS = 15_000;

type Value = string | number | boolean | readonly string[];

/** A run that is sent by hand over OTLP/JSON, at times that the test chooses: seconds since its start. */
export class OtlpRun {
  readonly id: string;
  readonly #url: string;
  readonly #startMilliseconds: number;
  #uid = 0;

  /** @param id - 22 letters and digits. @param startMilliseconds - since the epoch. */
  constructor(collectorUrl: string, id: string, startMilliseconds: number) {
    this.#url = collectorUrl;
    this.id = id;
    this.#startMilliseconds = startMilliseconds;
  }

  start(): Promise<void> {
    return this.control('simvue.run.start', { 'simvue.run.status': 'running', 'simvue.run.role': 'owner' }, 0);
  }

  end(seconds: number, status = 'completed'): Promise<void> {
    return this.control('simvue.run.end', { 'simvue.run.status': status, 'simvue.run.role': 'owner' }, seconds);
  }

  /** @param points - seconds and value. */
  points(metric: string, points: readonly (readonly [seconds: number, value: number])[]): Promise<void> {
    return this.metrics({ [metric]: points });
  }

  /** Points of several metrics in one request. */
  metrics(points: Readonly<Record<string, readonly (readonly [seconds: number, value: number])[]>>): Promise<void> {
    const metrics = Object.entries(points).map(([name, of]) => ({
      name,
      gauge: {
        dataPoints: of.map(([seconds, value]) => ({
          timeUnixNano: this.#nano(seconds),
          asDouble: Number.isFinite(value) ? value : String(value),
        })),
      },
    }));
    return this.#post('metrics', { resourceMetrics: [{ resource: this.#resource(), scopeMetrics: [{ metrics }] }] });
  }

  event(message: string, seconds: number): Promise<void> {
    return this.#log({ timeUnixNano: this.#nano(seconds), severityNumber: 9, body: { stringValue: message } });
  }

  control(eventName: string, attributes: Readonly<Record<string, Value>>, seconds = 0): Promise<void> {
    return this.controls([[eventName, attributes, seconds]]);
  }

  /** Several control events in one request. */
  controls(
    events: readonly (readonly [eventName: string, attributes: Readonly<Record<string, Value>>, seconds: number])[],
  ): Promise<void> {
    return this.#log(
      ...events.map(([eventName, attributes, seconds]) => ({
        timeUnixNano: this.#nano(seconds),
        eventName,
        attributes: encode({ ...attributes, 'log.record.uid': `${this.id} ${this.#uid++}` }),
      })),
    );
  }

  #log(...logRecords: readonly object[]): Promise<void> {
    return this.#post('logs', { resourceLogs: [{ resource: this.#resource(), scopeLogs: [{ logRecords }] }] });
  }

  #resource() {
    return { attributes: encode({ 'simvue.run.id': this.id, 'service.instance.id': 'one' }) };
  }

  #nano(seconds: number): string {
    return String(BigInt(this.#startMilliseconds) * 1_000_000n + BigInt(Math.round(seconds * 1e9)));
  }

  async #post(signal: string, body: unknown): Promise<void> {
    const response = await this.#send(signal, JSON.stringify(body));
    const text = await response.text();
    if (response.status !== 200 || text.includes('rejected')) throw new Error(`${signal}: ${response.status} ${text}`);
  }

  /** As an exporter does: what has no answer is sent again. */
  async #send(signal: string, body: string): Promise<Response> {
    for (const deadline = Date.now() + RETRY_MILLISECONDS; ; ) {
      try {
        const headers = { 'content-type': 'application/json' };
        return await fetch(`${this.#url}/v1/${signal}`, { method: 'POST', headers, body });
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(25);
      }
    }
  }
}

function encode(attributes: Readonly<Record<string, Value>>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: encodeValue(value) }));
}

function encodeValue(value: Value): unknown {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
}
