import { isDate } from 'node:util/types';
import { errorText, SimvueError } from './errors.ts';
import { isRecord } from './option-kinds.ts';
import { MAX_METADATA_VALUE_BYTES } from './semconv.ts';

/** A value that OTLP can carry in an attribute. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key, in the order in which they are sent. */
export type AttributeMap = Map<string, AttributeValue>;

/** What `metadata` accepts: values, dates, and nested objects whose keys are joined with dots. */
export type MetadataValue =
  | AttributeValue
  | Date
  | readonly MetadataValue[]
  | { readonly [key: string]: MetadataValue };
/** Metadata by key, at most 32 levels deep. */
export type Metadata = Readonly<Record<string, MetadataValue>>;

const MAX_DEPTH = 32;

/**
 * Puts metadata into `target` as `<prefix><key>`, nested objects as `<prefix><key>.<inner key>`; what is undefined is left out.
 *
 * @param problems - gets what is wrong with the values that are left out: functions, symbols, more than 32 levels or 64 KiB.
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for anything but an object.
 */
export function flattenMetadata(
  metadata: Metadata,
  prefix: string,
  problems: string[],
  target: AttributeMap = new Map(),
): AttributeMap {
  if (!isRecord(metadata)) throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', 'metadata must be an object');
  const flatten = (values: Metadata, path: string, depth: number) => {
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) continue;
      const name = path + key;
      if (isNested(value) && depth < MAX_DEPTH) {
        flatten(value, `${name}.`, depth + 1);
        continue;
      }
      try {
        target.set(prefix + name, sized(attributeValue(value, name, depth), name));
      } catch (error) {
        problems.push(`metadata ${errorText(error)}`);
      }
    }
  };
  flatten(metadata, '', 0);
  return target;
}

function sized(value: AttributeValue, path: string): AttributeValue {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value, (_, item) => jsonValue(item));
  if (text.length * 3 <= MAX_METADATA_VALUE_BYTES) return value;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_METADATA_VALUE_BYTES) return value;
  throw invalid(path, `has ${bytes} bytes, more than ${MAX_METADATA_VALUE_BYTES}: save it as an artifact`);
}

function jsonValue(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** Checks one value and turns dates into ISO 8601 text. */
export function attributeValue(value: unknown, path: string, depth = 0): AttributeValue {
  if (depth > MAX_DEPTH) throw invalid(path, `is nested deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (isDate(value)) return value.toISOString();
      if (Array.isArray(value)) return value.map((item, index) => attributeValue(item, `${path}[${index}]`, depth + 1));
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, attributeValue(item, `${path}.${key}`, depth + 1)]),
      );
    default:
      throw invalid(path, `is of type ${typeof value}, which cannot be sent`);
  }
}

function isNested(value: unknown): value is Metadata {
  return isRecord(value) && Object.keys(value).length > 0;
}

function invalid(path: string, problem: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `"${path}" ${problem}`);
}
