/**
 * A trace or span id as lower-case hexadecimal.
 *
 * @param digits - 32 for a trace, 16 for a span.
 * @returns empty when it has another length, other characters, or is all zeros.
 */
export function identifier(hex: string, digits: 16 | 32): string {
  return hex.length === digits && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/i.test(hex) ? hex.toLowerCase() : '';
}
