/** A slot of the run palette: colour 1 to 12, and how often the palette has been gone through (solid, dashed, dotted). */
export interface Slot {
  readonly colour: number;
  readonly round: number;
}

/** Slot of the n-th line, from 0; it repeats after 36. */
export const slotOf = (index: number): Slot => ({ colour: (index % 12) + 1, round: Math.floor(index / 12) % 3 });

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value ^= value >>> 15;
  return Math.imul(value, 0x85ebca6b) >>> 0;
}

/** Number of slots that can be told apart. */
export const SLOTS = 36;

/** Slot of a run: it is kept with the run, which has one key on every page, however the list is sorted. */
export const slotOfRun = ({ colour }: { readonly colour: number }): Slot => slotOf(colour);

/** Hue of a tag's mark, 0 to 359, from its text alone. */
export const hueOfTag = (tag: string): number => hash(tag) % 360;
