import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import { markNonFinite, printNonFinite } from '../pipeline/non-finite.ts';
import type { ApiServer } from './api-context.ts';

const MAX_DEPTH = 64;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const STRING_OR_TOKEN = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/**
 * Parses JSON as Python writes it: the bare words `NaN`, `Infinity` and `-Infinity` become marked text (`pipeline/non-finite.ts`).
 *
 * @throws SimvueError `SIMVUE_ERR_INVALID_ARGUMENT` when the text is not JSON, or nested too deep.
 */
export function parsePythonJson(text: string): unknown {
  if (isDeep(text)) {
    throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `body is nested more than ${MAX_DEPTH} deep: flatten it`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const marked = text.replace(STRING_OR_TOKEN, (part) =>
      part.startsWith('"') ? part : JSON.stringify(markNonFinite(Number(part))),
    );
    try {
      return JSON.parse(marked);
    } catch {
      throw new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', `body must be JSON: ${(cause as SyntaxError).message}`, {
        cause,
      });
    }
  }
}

/** Whoever walks what was read does so by recursion. */
function isDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inText) {
      if (code === BACKSLASH) at++;
      else inText = code !== QUOTE;
    } else if (code === QUOTE) inText = true;
    else if (OPENING.has(code) && ++depth > MAX_DEPTH) return true;
    else if (CLOSING.has(code)) depth--;
  }
  return false;
}

/** Bodies of JSON as {@link parsePythonJson} reads them (an empty one is no body); answers whose numbers are not finite as the asker can read them. */
export function readPythonJson(api: ApiServer): void {
  api.removeContentTypeParser('application/json');
  api.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
    body === '' ? undefined : parsePythonJson(body),
  );
  api.addHook('onSend', async (request, _reply, payload) =>
    typeof payload === 'string' ? printFor(request, payload) : payload,
  );
}

/** JSON whose numbers may be marked as not finite, in words that the asker can read. */
export function printFor({ headers }: FastifyRequest, json: string): string {
  if (!json.includes('"\\u0000')) return json;
  return printNonFinite(json, /python/i.test(headers['user-agent'] ?? '') ? 'bare' : 'string');
}

/** A piece of JSON: text, or UTF-8 without any mark. */
export type Json = string | Uint8Array;

/** Larger answers are not made one text, which would be copied, searched and encoded. */
const MAX_TEXT_LENGTH = 64 << 10;

/** Sends the pieces as one answer. */
export function sendJson(reply: FastifyReply, pieces: readonly Json[]): FastifyReply {
  reply.type('application/json; charset=utf-8');
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length <= MAX_TEXT_LENGTH) return reply.send(pieces.map(textOf).join(''));
  const parts = pieces.map((piece) =>
    typeof piece === 'string' ? Buffer.from(printFor(reply.request, piece)) : piece,
  );
  const sizeBytes = parts.reduce((size, part) => size + part.length, 0);
  return reply.header('content-length', sizeBytes).send(Readable.from(parts));
}

function textOf(piece: Json): string {
  return typeof piece === 'string' ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString();
}
