const UNSAFE_IN_QUOTES = /[^\x20-\x7e]|["\\%]/g;
/** Characters that `encodeURIComponent` keeps and RFC 8187 does not. */
const NOT_ATTRIBUTE_CHARACTERS = /['()*]/g;

/**
 * Value of `Content-Disposition` (RFC 6266) by which a browser saves an answer, and never shows it.
 *
 * @param name - any text; of a path, the last part is the name of the file.
 */
export function attachment(name: string): string {
  // Half a surrogate pair cannot be encoded.
  const wellFormed = Buffer.from(name).toString();
  const file = wellFormed.split('/').findLast((part) => part.trim() !== '') ?? 'artifact';
  const ascii = file.replace(UNSAFE_IN_QUOTES, '_');
  const plain = `attachment; filename="${ascii}"`;
  if (ascii === file) return plain;
  const encoded = encodeURIComponent(file).replace(
    NOT_ATTRIBUTE_CHARACTERS,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${plain}; filename*=UTF-8''${encoded}`;
}
