import type { AttributeValue } from '../pipeline/telemetry.ts';

/** An int64 as the number it is, or as decimal text when a double cannot hold it. */
export function exactInteger(value: number, exact: () => bigint): number | string {
  return Number.isSafeInteger(value) ? value : exact().toString();
}

/** An attribute value as text: strings as they are, nothing as the empty string, the rest as JSON. */
export function attributeText(value: AttributeValue | undefined): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(value) : JSON.stringify(value, keepNonFinite);
}

/** JSON has no NaN or infinity and would say null. */
function keepNonFinite(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
