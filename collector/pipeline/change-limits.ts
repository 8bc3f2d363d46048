/** Bounds of what a change may carry; more is refused with a reason. */
export const MAX_NAME_CHARACTERS = 255;

/** `/a/b` of `a/b/`, `//a//b` or `/a/b`. */
export function normalizeFolder(path: string): string {
  return `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
}

/** A list of tags as an array of strings, or one string separated by `,` or `;`; undefined when it is neither. */
export function readTags(value: unknown): string[] | undefined {
  if (typeof value === 'string')
    return value
      .split(/[,;]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '');
  if (!Array.isArray(value)) return undefined;
  return value.map(String).filter((tag) => tag !== '');
}
