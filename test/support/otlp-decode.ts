import { BinaryReader } from '@bufbuild/protobuf/wire';

/** One gauge data point as a test wants to see it. */
export interface ReceivedPoint {
  readonly name: string;
  readonly value: number | bigint;
  readonly timeUnixNano: bigint;
  readonly attributes: Record<string, unknown>;
  readonly step: unknown;
}

export interface ReceivedRecord {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: unknown;
  readonly eventName: string;
  readonly attributes: Record<string, unknown>;
}

type Kind = 'string' | 'bool' | 'int' | 'uint' | 'double' | 'fixed64' | 'sfixed64' | 'bytes' | Schema;
interface Schema {
  readonly [field: number]: readonly [name: string, kind: Kind, repeated?: 'repeated'];
}
type Message = Record<string, unknown>;

const ANY_VALUE: Record<number, [string, Kind, 'repeated'?]> = {
  1: ['stringValue', 'string'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'int'],
  4: ['doubleValue', 'double'],
  7: ['bytesValue', 'bytes'],
};
const KEY_VALUE: Schema = { 1: ['key', 'string'], 2: ['value', ANY_VALUE] };
ANY_VALUE[5] = ['arrayValue', { 1: ['values', ANY_VALUE, 'repeated'] }];
ANY_VALUE[6] = ['kvlistValue', { 1: ['values', KEY_VALUE, 'repeated'] }];
const RESOURCE: Schema = { 1: ['attributes', KEY_VALUE, 'repeated'], 2: ['droppedAttributesCount', 'uint'] };
const SCOPE: Schema = { 1: ['name', 'string'], 2: ['version', 'string'] };
const POINT: Schema = {
  2: ['startTimeUnixNano', 'fixed64'],
  3: ['timeUnixNano', 'fixed64'],
  4: ['asDouble', 'double'],
  6: ['asInt', 'sfixed64'],
  7: ['attributes', KEY_VALUE, 'repeated'],
};
const METRIC: Schema = {
  1: ['name', 'string'],
  2: ['description', 'string'],
  3: ['unit', 'string'],
  5: ['gauge', { 1: ['dataPoints', POINT, 'repeated'] }],
};
const LOG_RECORD: Schema = {
  1: ['timeUnixNano', 'fixed64'],
  2: ['severityNumber', 'uint'],
  3: ['severityText', 'string'],
  5: ['body', ANY_VALUE],
  6: ['attributes', KEY_VALUE, 'repeated'],
  7: ['droppedAttributesCount', 'uint'],
  8: ['flags', 'uint'],
  11: ['observedTimeUnixNano', 'fixed64'],
  12: ['eventName', 'string'],
};
const request = (item: Schema): Schema => ({
  1: [
    'resources',
    { 1: ['resource', RESOURCE], 2: ['scopes', { 1: ['scope', SCOPE], 2: ['items', item, 'repeated'] }, 'repeated'] },
    'repeated',
  ],
});
const METRICS_REQUEST = request(METRIC);
const LOGS_REQUEST = request(LOG_RECORD);

/**
 * Decodes a message with protobuf-es' reader.
 *
 * @throws Error for a field that OTLP does not have: a test must see it.
 */
function decode(reader: BinaryReader, schema: Schema, length: number): Message {
  const end = reader.pos + length;
  const message: Message = {};
  while (reader.pos < end) {
    const [field] = reader.tag();
    const entry = schema[field];
    if (entry === undefined) throw new Error(`unknown field ${field}`);
    const [name, kind, repeated] = entry;
    const value = readValue(reader, kind);
    if (repeated) message[name] = [...((message[name] as unknown[]) ?? []), value];
    else message[name] = value;
  }
  if (reader.pos !== end) throw new Error('a message does not end where its length says');
  return message;
}

function readValue(reader: BinaryReader, kind: Kind): unknown {
  if (typeof kind === 'object') return decode(reader, kind, reader.uint32());
  if (kind === 'int') return BigInt(reader.int64());
  if (kind === 'uint') return reader.uint32();
  if (kind === 'fixed64') return BigInt(reader.fixed64());
  if (kind === 'sfixed64') return BigInt(reader.sfixed64());
  return reader[kind]();
}

function plainValue(value: Message | undefined): unknown {
  if (value === undefined) return null;
  const [[kind, content] = []] = Object.entries(value);
  if (kind === 'intValue') return Number.isSafeInteger(Number(content)) ? Number(content) : content;
  if (kind === 'arrayValue') return (((content as Message)['values'] as Message[]) ?? []).map(plainValue);
  if (kind === 'kvlistValue') return plainAttributes((content as Message)['values']);
  return content ?? null;
}

function plainAttributes(attributes: unknown): Record<string, unknown> {
  const entries = ((attributes as Message[] | undefined) ?? []).map(({ key, value }) => [
    key,
    plainValue(value as Message | undefined),
  ]);
  return Object.fromEntries(entries);
}

function decodeRequest(body: Uint8Array, schema: Schema) {
  const message = decode(new BinaryReader(body), schema, body.length);
  const resources = (message['resources'] as Message[]) ?? [];
  const scopes = resources.flatMap((resource) => (resource['scopes'] as Message[]) ?? []);
  return {
    resource: plainAttributes((resources[0]?.['resource'] as Message)?.['attributes']),
    scope: scopes[0]?.['scope'] as { name: string; version: string },
    items: scopes.flatMap((scope) => (scope['items'] as Message[]) ?? []),
  };
}

/** Decodes an `ExportMetricsServiceRequest` of gauges. */
export function decodeMetrics(body: Uint8Array) {
  const { resource, scope, items } = decodeRequest(body, METRICS_REQUEST);
  const points = items.flatMap((metric) =>
    ((metric['gauge'] as Message)['dataPoints'] as Message[]).map((point): ReceivedPoint => {
      const attributes = plainAttributes(point['attributes']);
      return {
        name: metric['name'] as string,
        value: (point['asDouble'] ?? point['asInt']) as number | bigint,
        timeUnixNano: point['timeUnixNano'] as bigint,
        attributes,
        step: attributes['simvue.step'],
      };
    }),
  );
  return { resource, scope, points };
}

/** Decodes an `ExportLogsServiceRequest`. */
export function decodeLogs(body: Uint8Array) {
  const { resource, scope, items } = decodeRequest(body, LOGS_REQUEST);
  const records = items.map(
    (record): ReceivedRecord => ({
      timeUnixNano: record['timeUnixNano'] as bigint,
      observedTimeUnixNano: record['observedTimeUnixNano'] as bigint,
      severityNumber: (record['severityNumber'] as number) ?? 0,
      severityText: (record['severityText'] as string) ?? '',
      body: record['body'] === undefined ? undefined : plainValue(record['body'] as Message),
      eventName: (record['eventName'] as string) ?? '',
      attributes: plainAttributes(record['attributes']),
    }),
  );
  return { resource, scope, records };
}
