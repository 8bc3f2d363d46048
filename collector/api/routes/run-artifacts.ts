import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { Type } from 'typebox';
import type { RunArtifact } from '../../store/artifact-store.ts';
import { type ApiContext, type ApiServer, requireRun, requireWritableRun } from '../api-context.ts';
import { type ContentUrl, requireArtifact, unknownArtifact } from '../artifact-content.ts';
import { artifactView } from '../artifact-view.ts';
import {
  ArtifactCategoryBody,
  ArtifactCategoryView,
  ArtifactViewSchema,
  type Namesakes,
  NamesakesQuerySchema,
  NamesakesSchema,
  RunArtifactParams,
  RunArtifactsQuerySchema,
} from '../contract/artifact.ts';
import { IdParams } from '../contract/query.ts';

const MAX_NAMESAKES = 50;

/** `GET /runs/{id}/artifacts`, `PUT|GET /runs/{id}/artifacts/{artifact}`, `GET …/namesakes`. */
export function registerRunArtifactRoutes(api: ApiServer, context: ApiContext, urlOf: ContentUrl): void {
  const { artifacts } = context.catalog;
  const list = Type.Array(ArtifactViewSchema);
  const view = (request: Parameters<ContentUrl>[0], { artifact, category }: RunArtifact) => ({
    ...artifactView(artifact, urlOf(request, artifact.id, 'download')),
    category,
  });

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
      try {
        const run = await requireRun(context, principal, params.id);
        return (await artifacts.ofRun(run.id, query)).map((one) => view(request, one));
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
      return view(request, await requireOfRun(run.id, params.artifact));
    },
  );

  const namesakes = {
    summary: 'Other runs with an artifact of the same name.',
    params: RunArtifactParams,
    querystring: NamesakesQuerySchema,
    response: { 200: NamesakesSchema },
  };
  api.get(
    '/runs/:id/artifacts/:artifact/namesakes',
    { schema: namesakes },
    async ({ params, query, principal }): Promise<Namesakes> => {
      const run = await requireRun(context, principal, params.id);
      const { artifact, category } = await requireOfRun(run.id, params.artifact);
      const { found, truncated } = await artifacts.namesakes({
        name: artifact.name,
        category,
        runId: run.id,
        folder: run.folder,
        search: query.search ?? '',
        reader: principal,
        limit: MAX_NAMESAKES,
      });
      const data = found.map((one) => ({
        run: one.runId,
        run_name: one.runName,
        folder: one.folder,
        status: one.status,
        artifact: one.artifactId,
        size: one.sizeBytes,
        created: formatTimestamp(one.createdUnixNano),
        checksum: one.checksum,
      }));
      return { truncated, data };
    },
  );

  async function requireOfRun(runId: string, id: string): Promise<RunArtifact> {
    const category = await artifacts.categoryOf(runId, id);
    const artifact = await artifacts.get(id);
    if (category === undefined || artifact === undefined) throw unknownArtifact(id);
    return { artifact, category };
  }
}
