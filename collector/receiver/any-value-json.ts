import type { AttributeValue } from '../pipeline/telemetry.ts';
import { exactInteger } from './attribute-text.ts';
import { isObject, type JsonObject, jsonDouble, jsonInteger, messageField, messages } from './json-fields.ts';
import { malformed } from './malformed.ts';

/** Reads an `AnyValue` of OTLP/JSON; an empty one is null. */
export function anyValueOfJson(value: unknown, depthLeft: number): AttributeValue {
  if (depthLeft <= 0) throw malformed('attribute values are nested too deeply');
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw malformed('an attribute value is not an object');
  if (typeof value['stringValue'] === 'string') return value['stringValue'];
  if (typeof value['boolValue'] === 'boolean') return value['boolValue'];
  if (value['intValue'] !== undefined) return integer(value['intValue']);
  if (value['doubleValue'] !== undefined) return jsonDouble(value['doubleValue']) ?? asText(value['doubleValue']);
  if (isObject(value['arrayValue'])) {
    return [...messages(value['arrayValue'], 'values')].map((item) => anyValueOfJson(item, depthLeft - 1));
  }
  if (isObject(value['kvlistValue'])) return keyValuesOfJson(value['kvlistValue'], 'values', depthLeft - 1);
  const bytes = value['bytesValue'];
  // Its base64 may be that of addresses, and without padding.
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString('base64') : null;
}

/** Reads a list of `KeyValue` into a null-prototype object. */
export function keyValuesOfJson(parent: JsonObject, key: string, depth: number): Record<string, AttributeValue> {
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  for (const [name, value] of keyValuePairs(parent, key, depth)) attributes[name] = value;
  return attributes;
}

/** The pairs of a list of `KeyValue`, in order. */
export function* keyValuePairs(parent: JsonObject, key: string, depth: number): Generator<[string, AttributeValue]> {
  for (const pair of messages(parent, key)) {
    yield [typeof pair['key'] === 'string' ? pair['key'] : '', anyValueOfJson(messageField(pair, 'value'), depth)];
  }
}

/** What is no number stays readable. */
const asText = (value: unknown): AttributeValue => (typeof value === 'string' ? value : null);

/** A stock sender writes integers too large for int64 as `1e+300`: kept as the number it is. */
function integer(value: unknown): AttributeValue {
  const exact = jsonInteger(value);
  if (exact === undefined) return asText(value);
  return typeof value === 'number' && !Number.isSafeInteger(value) ? value : exactInteger(Number(exact), () => exact);
}
