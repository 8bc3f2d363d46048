/** Parts of a colour, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Parts of a `#rrggbb` colour, or of a `#rgb` one, to which a style sheet that is made small shortens it. */
export function parseColour(hex: string): Colour {
  const digits = hex.trim().slice(1);
  const value = Number.parseInt(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
