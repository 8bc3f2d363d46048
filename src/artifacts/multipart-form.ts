import { randomUUID } from 'node:crypto';

/** A form with one file as its last part, read piece by piece. */
export interface MultipartForm {
  readonly headers: Readonly<Record<string, string>>;
  read(): AsyncGenerator<Uint8Array>;
}

/**
 * Puts fields and a file into a `multipart/form-data` body of known length.
 *
 * @param open - reads the content, which must have `sizeBytes` bytes.
 * @see RFC 7578
 */
export function multipartForm(
  fields: Readonly<Record<string, string>>,
  file: { readonly name: string; readonly mimeType: string; readonly sizeBytes: number },
  open: () => AsyncIterable<Uint8Array>,
): MultipartForm {
  const boundary = `simvue-${randomUUID()}`;
  const part = (disposition: string, rest: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${rest}`;
  const texts = Object.entries(fields).map(([name, value]) => part(`name="${quoted(name)}"`, `\r\n${value}\r\n`));
  const disposition = `name="file"; filename="${quoted(file.name)}"`;
  const head = Buffer.from(texts.join('') + part(disposition, `content-type: ${file.mimeType}\r\n\r\n`));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.sizeBytes + tail.length),
    },
    async *read() {
      yield head;
      yield* open();
      yield tail;
    },
  };
}

/** As browsers write names: the three characters that would end the header or the quotes. */
function quoted(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
