import { MAX_METADATA_VALUE_BYTES, MAX_TAGS, TOTAL_STEPS_KEY } from 'simvue-otel/semconv';
import { MAX_NAME_CHARACTERS, readTags } from './change-limits.ts';
import type { Attributes, AttributeValue } from './telemetry.ts';
import { readTotalSteps, TOTAL_STEPS_WORDS } from './total-steps.ts';

/** Reads attributes of a change and collects what is wrong with them; each reason names the attribute and the fix. */
export class AttributeReader {
  readonly #attributes: Attributes;
  readonly problems: string[] = [];

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  text(key: string): string | undefined {
    const value = this.#attributes[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') return this.#wrong(key, 'is not a string', 'give one string');
    return String(value);
  }

  name(key: string): string | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (text === '') return this.#wrong(key, 'is empty', 'leave it out or give a name');
    if (text.length > MAX_NAME_CHARACTERS) {
      return this.#wrong(key, `has ${text.length} characters`, `give at most ${MAX_NAME_CHARACTERS}`);
    }
    return text;
  }

  number(key: string): number | undefined {
    const value = this.#attributes[key];
    if (value === undefined || value === null) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    return this.#wrong(key, 'is not a number', 'give a number');
  }

  /** Metadata under a prefix, of which a total of steps that is none is left out and told. */
  metadata(prefix: string): Record<string, AttributeValue> | undefined {
    const found = this.under(prefix);
    if (found === undefined || this.totalSteps(prefix + TOTAL_STEPS_KEY) !== undefined) return found;
    delete found[TOTAL_STEPS_KEY];
    return found;
  }

  totalSteps(key: string): number | undefined {
    const value = this.#attributes[key];
    if (value === undefined || value === null) return undefined;
    return readTotalSteps(value) ?? this.#wrong(key, `is not ${TOTAL_STEPS_WORDS}`, 'give the number of steps');
  }

  oneOf<T extends string>(key: string, values: readonly T[]): T | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const known = values.find((value) => value === text);
    return known ?? this.#wrong(key, `"${text}" is unknown`, `give one of ${values.join(', ')}`);
  }

  /** Of a list that is too long the first ones. */
  tags(key: string): string[] | undefined {
    const tags = this.list(key);
    if (tags === undefined || tags.length <= MAX_TAGS) return tags;
    this.#wrong(key, `has ${tags.length} entries`, `give at most ${MAX_TAGS}`);
    return tags.slice(0, MAX_TAGS);
  }

  list(key: string): string[] | undefined {
    const value = this.#attributes[key];
    if (value === undefined || value === null) return undefined;
    return (
      readTags(value) ??
      this.#wrong(key, 'is not a list of strings', 'give an array, or one string separated by commas')
    );
  }

  /** Everything under a prefix; values that are too large are left out and told. */
  under(prefix: string): Record<string, AttributeValue> | undefined {
    const found: Record<string, AttributeValue> = Object.create(null);
    for (const [key, value] of Object.entries(this.#attributes)) {
      if (!key.startsWith(prefix) || key.length === prefix.length) continue;
      const bytes = Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
      if (bytes > MAX_METADATA_VALUE_BYTES) {
        this.#wrong(key, `has ${bytes} bytes`, `give at most ${MAX_METADATA_VALUE_BYTES}`);
        continue;
      }
      found[key.slice(prefix.length)] = value;
    }
    return Object.keys(found).length > 0 ? found : undefined;
  }

  #wrong(key: string, problem: string, fix: string): undefined {
    this.problems.push(`${key} ${problem}: ${fix}`);
    return undefined;
  }
}

/** Leaves out what is undefined, as exact optional properties want it. */
export function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}
