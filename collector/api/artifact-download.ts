import type { FastifyReply, FastifyRequest } from 'fastify';
import { SimvueError } from 'simvue-otel/errors';
import type { ArtifactFiles } from '../store/artifact-files.ts';
import type { ArtifactRow } from '../store/artifact-store.ts';
import { type ByteRange, parseByteRange } from './byte-range.ts';
import { attachment } from './content-disposition.ts';

/** Whatever it is, it is saved and not run: a page that someone uploaded must not act in the name of the reader. */
const CONTENT_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

/**
 * Answers `GET` or `HEAD` with the content of an artifact or one range of it; conditional by its checksum.
 *
 * @throws SimvueError `SIMVUE_ERR_NOT_FOUND` when its content is not here.
 */
export async function sendContent(
  files: ArtifactFiles,
  artifact: ArtifactRow,
  { method, headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const size = artifact.storedBytes;
  if (size === null) throw noContent(artifact);
  const tag = `"${artifact.checksum}"`;
  reply.headers({
    etag: tag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': attachment(artifact.name),
    'content-security-policy': CONTENT_POLICY,
  });
  if (namesTag(headers['if-none-match'], tag)) return reply.code(304).send();

  const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
  const range = method === 'GET' && isSame ? parseByteRange(headers.range, size) : undefined;
  if (range === 'unsatisfiable') {
    const detail = `artifact ${artifact.id} has ${size} bytes: the range is outside`;
    return reply.code(416).header('content-range', `bytes */${size}`).send({ detail });
  }
  const part: ByteRange = range ?? { first: 0, last: size - 1 };
  reply.type(artifact.mimeType).header('content-length', part.last - part.first + 1);
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${size}`);
  if (method === 'HEAD' || size === 0) return reply.send();

  const content = await files.read(artifact.id, part);
  if (content === undefined) throw noContent(artifact);
  return reply.send(content);
}

/** `If-None-Match` compares weakly. */
function namesTag(header: string | undefined, tag: string): boolean {
  const tags = header?.split(',').map((text) => text.trim().replace(/^W\//, ''));
  return tags !== undefined && (tags.includes(tag) || tags.includes('*'));
}

function noContent({ id }: ArtifactRow): SimvueError {
  return new SimvueError('SIMVUE_ERR_NOT_FOUND', `artifact ${id} has no content here: it was not uploaded, or removed`);
}
