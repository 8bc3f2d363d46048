import { malformed } from './malformed.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Nesting of JSON text that a nesting of attribute values of `depth` needs: three levels a value, and those of the request. */
export function jsonDepth(depth: number): number {
  return 3 * depth + 20;
}

/**
 * Parses JSON after a look at how deeply it is nested: `JSON.parse` alone would spend gigabytes on brackets.
 *
 * @throws SimvueError `SIMVUE_ERR_MALFORMED`.
 */
export function parseJson(body: Buffer, maxDepth: number): JsonObject {
  checkDepth(body, maxDepth);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw malformed(`body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw malformed('body is not a JSON object');
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A message field; absent or null = empty. */
export function messageField(parent: JsonObject, key: string): JsonObject {
  const value = parent[key] ?? {};
  if (!isObject(value)) throw malformed(`${key} is not an object`);
  return value;
}

/** A repeated field; absent or null = empty. */
export function listField(parent: JsonObject, key: string): readonly unknown[] {
  const value = parent[key] ?? [];
  if (!Array.isArray(value)) throw malformed(`${key} is not an array`);
  return value;
}

/** The objects of a repeated message field. */
export function* messages(parent: JsonObject, key: string): Generator<JsonObject> {
  for (const value of listField(parent, key)) {
    if (!isObject(value)) throw malformed(`an element of ${key} is not an object`);
    yield value;
  }
}

/** A string field; anything else counts as absent. */
export function textField(parent: JsonObject, key: string): string {
  const value = parent[key];
  return typeof value === 'string' ? value : '';
}

/** How protobuf's JSON may write any number as text. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i;

/** A double: a number, its text, or the names that JSON has no number for; null is what stock senders write for NaN. */
export function jsonDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value === null || value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
}

/** A 64-bit integer: a number, or its text, also as `1e3`. */
export function jsonInteger(value: unknown): bigint | undefined {
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : undefined;
}

/** A field that is there and no integer, the first of these. */
export function wrongInteger(message: JsonObject, fields: readonly string[]): string | undefined {
  return fields.find((field) => (message[field] ?? 0) !== 0 && jsonInteger(message[field]) === undefined);
}

/** A time or a count: an unsigned 64-bit integer, 0 when it is absent or none. */
export function jsonUnsigned(value: unknown): bigint {
  const integer = jsonInteger(value) ?? 0n;
  return integer < 0n || integer > 0xffff_ffff_ffff_ffffn ? 0n : integer;
}

/** Flags and other small integers; 0 when it is none. */
export function jsonInt32(value: unknown): number {
  return Number(jsonInteger(value) ?? 0n);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function checkDepth(body: Buffer, maxDepth: number): void {
  let depth = 0;
  let inText = false;
  for (let position = 0; position < body.length; position++) {
    const byte = body[position] as number;
    if (inText) {
      if (byte === BACKSLASH) position++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > maxDepth) throw malformed(`JSON is nested deeper than ${maxDepth} levels`);
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}
