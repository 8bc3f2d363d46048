const LOOKED_AT_BYTES = 8192;
/** Control characters that no text has. */
const isOdd = (byte: number) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27);

/** The text that bytes hold: UTF-8, UTF-16 with its mark, else Windows-1252; undefined when they are no text. The end may be cut off. */
export function decodeText(buffer: ArrayBuffer): string | undefined {
  const bytes = new Uint8Array(buffer);
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes);
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, LOOKED_AT_BYTES).some(isOdd)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes); // every byte is a character there
  }
}
