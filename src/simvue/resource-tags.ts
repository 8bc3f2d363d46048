/** Tags of a resource: a list, or one text separated by `,` or `;`, as environment variables give it. */
export function resourceTags(value: unknown): string[] {
  const tags = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(/[,;]/) : [];
  return tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
}
