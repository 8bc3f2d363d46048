import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** What is no request that a route could answer; everything else is not HTTP. */
const PROBLEMS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The address and the headers together are longer than 256 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The headers did not come in time.'],
};
const NOT_HTTP = [400, 'This is not an HTTP request.'] as const;

/** Answers for a connection on which no request came to be, in the form of all errors, and ends it. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, detail] = PROBLEMS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify({ detail });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}
