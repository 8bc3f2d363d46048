import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { errorText, SimvueError } from 'simvue-otel/errors';
import { InvalidBody } from './problem.ts';

const FILE_FIELD = 'file';
/** A sender that is silent for this long has gone. */
const STALL_MILLISECONDS = 60_000;
const LIMITS = { files: 1, fields: 100, parts: 101, fieldSize: 64 << 10, headerPairs: 100, headerSize: 16 << 10 };

/**
 * Reads a `multipart/form-data` body and streams its part `file` through `consume`; other parts are form fields that nobody needs.
 * What is left of the body after a failure is not read here.
 *
 * @param consume - reads all of the content; the content fails when the body ends too early.
 * @throws SimvueError `SIMVUE_ERR_MALFORMED` when the body is none or was cut off, `SIMVUE_ERR_INVALID_ARGUMENT` without the part.
 */
export async function readMultipartFile(
  request: IncomingMessage,
  consume: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const parser = createParser(request);
  const stalled = setTimeout(() => request.destroy(), STALL_MILLISECONDS);
  let content: Readable | undefined;
  let consumed: Promise<void> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: unknown): void => reject(malformed(errorText(error)));
      parser.on('file', (_field, part) => {
        // A consumer that gives up makes the part fail as well: its own reason counts.
        content = part.on('error', (error) => part.destroyed || fail(error));
        consumed = consume(part);
        consumed.catch(reject);
      });
      parser.once('finish', resolve).on('error', fail);
      request.once('close', () => request.complete || fail('the connection ended before the body'));
      request.on('data', () => stalled.refresh());
      request.pipe(parser);
    });
    if (consumed === undefined) throw new InvalidBody([FILE_FIELD], `send the content as the part "${FILE_FIELD}"`);
    await consumed;
  } catch (error) {
    request.unpipe(parser);
    content?.destroy();
    await consumed?.catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(stalled);
  }
}

function createParser({ headers }: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({
      headers: headers as BusboyHeaders,
      limits: LIMITS,
      isPartAFile: (field) => field === FILE_FIELD,
    });
  } catch (error) {
    throw malformed(errorText(error));
  }
}

function malformed(reason: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_MALFORMED', `multipart body: ${reason}`);
}
