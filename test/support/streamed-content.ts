import { createHash } from 'node:crypto';
import { request } from 'node:http';

const PIECE = Buffer.alloc(1 << 20, 'simvue');

/** SHA-256 of so many MiB of content that is never in memory as a whole. */
export function checksumOfMebibytes(mebibytes: number): string {
  const hash = createHash('sha256');
  for (let n = 0; n < mebibytes; n++) hash.update(PIECE);
  return hash.digest('hex');
}

/** Uploads so many MiB as a form, piece by piece. @returns the status of the answer. */
export async function uploadMebibytes(url: string, mebibytes: number): Promise<number | undefined> {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n';
  const tail = '\r\n--b--\r\n';
  const sending = request(url, {
    method: 'POST',
    headers: {
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': head.length + mebibytes * PIECE.length + tail.length,
    },
  });
  const answer = new Promise<number | undefined>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', (response) => response.resume().once('end', () => resolve(response.statusCode)));
  });
  sending.write(head);
  for (let n = 0; n < mebibytes; n++) {
    if (!sending.write(PIECE)) await Promise.race([new Promise((resolve) => sending.once('drain', resolve)), answer]);
  }
  sending.end(tail);
  return answer;
}

/** Reads a URL to its end. @returns SHA-256 of the content. */
export async function downloadChecksum(url: string): Promise<string> {
  const hash = createHash('sha256');
  const { body } = await fetch(url);
  for await (const piece of body ?? []) hash.update(piece);
  return hash.digest('hex');
}
