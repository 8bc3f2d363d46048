import { SimvueError } from 'simvue-otel/errors';
import { Type } from 'typebox';
import type { RunArtifact } from '../../store/artifact-store.ts';
import { type ApiContext, type ApiServer, requireRun, requireWritableRun } from '../api-context.ts';
import { type ContentUrl, requireArtifact, unknownArtifact } from '../artifact-content.ts';
import { artifactView } from '../artifact-view.ts';
import {
  ArtifactCategoryBody,
  ArtifactCategoryView,
  ArtifactViewSchema,
  RunArtifactParams,
  RunArtifactsQuerySchema,
} from '../contract/artifact.ts';
import { IdParams } from '../contract/query.ts';

/** `GET /runs/{id}/artifacts`, `PUT|GET /runs/{id}/artifacts/{artifact}`. */
export function registerRunArtifactRoutes(api: ApiServer, context: ApiContext, urlOf: ContentUrl): void {
  const { artifacts } = context.catalog;
  const list = Type.Array(ArtifactViewSchema);

  api.get(
    '/runs/:id/artifacts',
    {
      schema: {
        summary: 'Artifacts of a run.',
        params: IdParams,
        querystring: RunArtifactsQuerySchema,
        response: { 200: list, 404: list },
      },
    },
    async (request, reply) => {
      const { params, query, principal } = request;
      const view = ({ artifact, category }: RunArtifact) => ({
        ...artifactView(artifact, urlOf(request, artifact.id, 'download')),
        category,
      });
      try {
        const run = await requireRun(context, principal, params.id);
        return (await artifacts.ofRun(run.id, query)).map(view);
      } catch (error) {
        // Simvue's clients take a list with this 404 for "there is none", anything else for a defect.
        if (error instanceof SimvueError && error.code === 'SIMVUE_ERR_NOT_FOUND') return reply.code(404).send([]);
        throw error;
      }
    },
  );

  api.put(
    '/runs/:id/artifacts/:artifact',
    {
      schema: {
        summary: 'Attaches an artifact to a run.',
        params: RunArtifactParams,
        body: ArtifactCategoryBody,
        response: { 200: ArtifactCategoryView },
      },
    },
    async ({ params, body, principal }) => {
      const run = await requireWritableRun(context, principal, params.id);
      const { id } = await requireArtifact(context, principal, params.artifact);
      if (!(await artifacts.attach(run.id, id, body.category))) throw unknownArtifact(id);
      context.live.publish({ runId: run.id, points: 0, events: 0, state: true });
      return { id, category: body.category };
    },
  );

  api.get(
    '/runs/:id/artifacts/:artifact',
    { schema: { summary: 'An artifact of a run.', params: RunArtifactParams, response: { 200: ArtifactViewSchema } } },
    async (request) => {
      const { params, principal } = request;
      const run = await requireRun(context, principal, params.id);
      const category = await artifacts.categoryOf(run.id, params.artifact);
      const artifact = await artifacts.get(params.artifact);
      if (category === undefined || artifact === undefined) throw unknownArtifact(params.artifact);
      return { ...artifactView(artifact, urlOf(request, artifact.id, 'download')), category };
    },
  );
}
