import { Type } from 'typebox';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { unknownArtifact } from '../artifact-content.ts';
import { sendContent } from '../artifact-download.ts';
import { ArtifactUpload } from '../artifact-upload.ts';
import { DoneView } from '../contract/answer.ts';
import { SignatureQuerySchema } from '../contract/artifact.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The URL carries its own permission: no token is asked for. */
    signed?: boolean;
  }
}

const PATH = '/artifacts/:id/content';
const BINARY = { 'application/octet-stream': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) } };

const DOWNLOAD_ANSWERS = {
  200: { description: 'The content.', content: BINARY },
  206: { description: 'The range that was asked for.', content: BINARY },
  304: { description: 'The content is the one that the asker has.', type: 'null' },
  416: {
    description: 'The range is outside of the content.',
    content: { 'application/json': { schema: ProblemSchema } },
  },
} as const;

/** `POST|GET|HEAD /artifacts/{id}/content` with a signed query: content in and out, streamed. */
export async function registerArtifactContentRoutes(api: ApiServer, context: ApiContext): Promise<void> {
  const { artifacts } = context.catalog;
  const { files, signer, maxBytes } = context.content;
  const upload = new ArtifactUpload(artifacts, files, maxBytes);
  const request = { params: IdParams, querystring: SignatureQuerySchema };
  // The body is not read before the route has it.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('multipart/form-data', async () => undefined);

  const find = async (id: string) => {
    const artifact = await artifacts.get(id);
    if (artifact === undefined) throw unknownArtifact(id);
    return artifact;
  };

  api.post(
    PATH,
    {
      config: { signed: true, slowBody: true },
      schema: { summary: 'Takes content.', ...request, response: { 200: DoneView } },
    },
    async ({ params: { id }, query, raw }) => {
      signer.check(id, 'upload', query);
      const artifact = await find(id);
      context.limits.checkVolume(artifact.tenant, 0);
      await upload.receive(artifact, raw);
      return {};
    },
  );

  const download = {
    config: { signed: true },
    schema: { summary: 'Gives content.', ...request, response: DOWNLOAD_ANSWERS },
  };
  api.get(PATH, { ...download, exposeHeadRoute: false }, async (request, reply) => {
    signer.check(request.params.id, 'download', request.query);
    return sendContent(files, await find(request.params.id), request, reply);
  });
  api.head(PATH, download, async (request, reply) => {
    signer.check(request.params.id, 'download', request.query);
    return sendContent(files, await find(request.params.id), request, reply);
  });
}
