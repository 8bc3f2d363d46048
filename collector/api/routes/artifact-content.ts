import type { Socket } from 'node:net';
import { Type } from 'typebox';
import type { RequestAuthenticator } from '../access.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { unknownArtifact } from '../artifact-content.ts';
import { sendContent } from '../artifact-download.ts';
import { ArtifactUpload } from '../artifact-upload.ts';
import { DoneView } from '../contract/answer.ts';
import { SignatureQuerySchema } from '../contract/artifact.ts';
import { ProblemSchema } from '../contract/problem.ts';
import { IdParams } from '../contract/query.ts';
import type { ContentPurpose, Signature } from '../signed-url.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The URL carries its own permission: no token is asked for. */
    signed?: boolean;
  }
}

interface SignedRequest {
  readonly params: { readonly id: string };
  readonly query: Partial<Signature>;
  readonly socket: Socket;
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
export async function registerArtifactContentRoutes(
  api: ApiServer,
  context: ApiContext,
  authenticator: Pick<RequestAuthenticator, 'letIn'>,
): Promise<void> {
  const { artifacts } = context.catalog;
  const { files, signer, maxBytes } = context.content;
  const upload = new ArtifactUpload(artifacts, files, maxBytes);
  const signed = { params: IdParams, querystring: SignatureQuerySchema };
  // The body is not read before the route has it.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('multipart/form-data', async () => undefined);

  const find = async (id: string) => {
    const artifact = await artifacts.get(id);
    if (artifact === undefined) throw unknownArtifact(id);
    return artifact;
  };

  const check = ({ params, query, socket }: SignedRequest, purpose: ContentPurpose): void => {
    signer.check(params.id, purpose, query);
    authenticator.letIn(socket);
  };

  api.post(
    PATH,
    {
      config: { signed: true, slowBody: true },
      schema: { summary: 'Takes content.', ...signed, response: { 200: DoneView } },
    },
    async (request) => {
      check(request, 'upload');
      const artifact = await find(request.params.id);
      context.limits.checkVolume(artifact.tenant, 0);
      await upload.receive(artifact, request.raw);
      return {};
    },
  );

  const download = {
    config: { signed: true },
    schema: { summary: 'Gives content.', ...signed, response: DOWNLOAD_ANSWERS },
  };
  api.get(PATH, { ...download, exposeHeadRoute: false }, async (request, reply) => {
    check(request, 'download');
    return sendContent(files, await find(request.params.id), request, reply);
  });
  api.head(PATH, download, async (request, reply) => {
    check(request, 'download');
    return sendContent(files, await find(request.params.id), request, reply);
  });
}
