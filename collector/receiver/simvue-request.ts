import type { EventRecord } from '../pipeline/telemetry.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { InternedResource } from './interned-resource.ts';
import { metricNameProblem } from './point-attributes.ts';
import { REFUSAL } from './refusal-reasons.ts';
import type { RequestBuilder } from './request-builder.ts';
import type { ResourceRegistry } from './resource-registry.ts';
import {
  decodeMessage,
  type EntryTime,
  type Fields,
  invalid,
  isFields,
  readTime,
  readTimestamp,
} from './simvue-message.ts';

const RUN_ID = /^[A-Za-z0-9]{22}$/;
/** OTLP severity numbers of Simvue's log levels. */
const SEVERITIES = new Map([
  ['debug', 5],
  ['info', 9],
  ['warning', 13],
  ['error', 17],
  ['critical', 21],
]);

/** Values of one metric, in the order of the entries. */
interface Column {
  readonly times: EntryTime[];
  readonly values: number[];
}

/** Walks the msgpack bodies of `POST /api/metrics` and `/api/events`: points and events of one run, by the writer with the empty name. */
export class SimvueRequest {
  readonly #builder: RequestBuilder;
  readonly #registry: ResourceRegistry;
  readonly #limits: DecodeLimits;

  constructor(builder: RequestBuilder, registry: ResourceRegistry, limits: DecodeLimits) {
    this.#builder = builder;
    this.#registry = registry;
    this.#limits = limits;
  }

  decodeMetrics(body: Buffer): void {
    const { resource, entries } = this.#open(body, 'metrics');
    const columns = new Map<string, Column>();
    for (const [index, entry] of entries.entries()) this.#collect(columns, entry, index);
    for (const [name, column] of columns) this.#write(resource, name, column);
  }

  decodeEvents(body: Buffer): void {
    for (const [index, entry] of this.#open(body, 'events').entries.entries()) this.#addEvent(entry, index);
  }

  /** @throws SimvueError `SIMVUE_ERR_INVALID_ARGUMENT` (422, as Simvue's clients expect it) that names the field. */
  #open(body: Buffer, list: 'metrics' | 'events'): { resource: InternedResource; entries: readonly unknown[] } {
    const root = decodeMessage(body);
    if (!isFields(root)) throw invalid('body is not a msgpack map with "run" and a list');
    const { run } = root;
    if (typeof run !== 'string' || !RUN_ID.test(run)) throw invalid('run is not an id of 22 letters and digits');
    const entries = root[list];
    if (!Array.isArray(entries)) throw invalid(`${list} is not a list`);
    const key = Buffer.from(run);
    const resource = this.#registry.intern(key, 0, key.length, (bytes) => new InternedResource({}, bytes, run));
    this.#builder.startPart(resource);
    return { resource, entries };
  }

  #collect(columns: Map<string, Column>, entry: unknown, index: number): void {
    const values = isFields(entry) ? entry['values'] : undefined;
    if (!isFields(entry) || !isFields(values)) {
      this.#builder.refuse(REFUSAL.notMap(`metrics[${index}]${isFields(entry) ? '.values' : ''}`));
      return;
    }
    const time = readTime(entry);
    const names = Object.keys(values);
    if (typeof time === 'string') {
      this.#builder.refuse(`metrics[${index}].${time}`, Math.max(1, names.length));
      return;
    }
    for (const name of names) {
      const value = numberOf(values[name]);
      const problem = value === undefined ? REFUSAL.valueNotNumber(name) : metricNameProblem(name, this.#limits);
      if (value === undefined || problem !== undefined) {
        this.#builder.refuse(problem ?? REFUSAL.nameMissing);
        continue;
      }
      let column = columns.get(name);
      if (column === undefined) {
        column = { times: [], values: [] };
        columns.set(name, column);
      }
      column.times.push(time);
      column.values.push(value);
    }
  }

  /** One metric after the other, so that its points are one segment. */
  #write(resource: InternedResource, name: string, { times, values }: Column): void {
    const series = resource.seriesIndex(name, [], '', 'gauge');
    for (const [index, { unixNano, step, runTimeSeconds }] of times.entries()) {
      const [low, high] = [Number(unixNano & 0xffff_ffffn), Number(unixNano >> 32n)];
      this.#builder.addPointOf(series, low, high, values[index] as number, step, runTimeSeconds);
    }
  }

  #addEvent(entry: unknown, index: number): void {
    const event = isFields(entry) ? readEvent(entry, this.#limits) : 'it is not a map';
    if (typeof event === 'string') this.#builder.refuse(`events[${index}]: ${event}`);
    else this.#builder.addEvent(event);
  }
}

/** @returns the event, or what is wrong with the entry. */
function readEvent(entry: Fields, limits: DecodeLimits): EventRecord | string {
  const { message, log_level: level = null } = entry;
  const timeUnixNano = readTimestamp(entry);
  const severityNumber = level === null ? 0 : SEVERITIES.get(level as string);
  if (typeof message !== 'string') return 'message is not text';
  if (typeof timeUnixNano === 'string') return timeUnixNano;
  if (severityNumber === undefined) return `log_level is none of ${[...SEVERITIES.keys()].join(', ')}`;
  if (Buffer.byteLength(message) > limits.eventBodyBytes) return REFUSAL.bodyTooLarge(limits.eventBodyBytes);
  return {
    timeUnixNano,
    observedTimeUnixNano: timeUnixNano,
    severityNumber,
    severityText: '',
    eventName: '',
    body: message,
    attributes: {},
    traceId: '',
    spanId: '',
    uid: undefined,
  };
}

/** A number, or a boolean as 1 and 0. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}
