const cache = new Map<string, string>();

/** Value of a design token in the theme that is shown. */
export function token(name: string): string {
  let value = cache.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    cache.set(name, value);
  }
  return value;
}

/** To be called when the theme changes. */
export const forgetTokens = (): void => cache.clear();

/** A `#rrggbb` token with an opacity. */
export function translucent(name: string, opacity: number): string {
  const value = Number.parseInt(token(name).slice(1), 16);
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${opacity})`;
}
