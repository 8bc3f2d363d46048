import { SimvueError } from './errors.ts';

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
 * Puts metadata into `target` as `<prefix><key>`, nested objects as `<prefix><key>.<inner key>`.
 *
 * @throws `SIMVUE_ERR_INVALID_ARGUMENT` for functions, symbols, undefined, and more than 32 levels.
 */
export function flattenMetadata(metadata: Metadata, prefix: string, target: AttributeMap = new Map()): AttributeMap {
  return flatten(metadata, prefix, target, 0);
}

function flatten(metadata: Metadata, prefix: string, target: AttributeMap, depth: number): AttributeMap {
  for (const [key, value] of Object.entries(metadata)) {
    const path = prefix + key;
    if (isNested(value) && depth < MAX_DEPTH) {
      flatten(value, `${path}.`, target, depth + 1);
    } else {
      target.set(path, attributeValue(value, path, depth));
    }
  }
  return target;
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
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return value.map((item, index) => attributeValue(item, `${path}[${index}]`, depth + 1));
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, attributeValue(item, `${path}.${key}`, depth + 1)]),
      );
    default:
      throw invalid(path, `is of type ${typeof value}, which cannot be sent`);
  }
}

function isNested(value: unknown): value is Metadata {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  return isObject && Object.keys(value).length > 0;
}

function invalid(path: string, problem: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `"${path}" ${problem}`);
}
