import { Readable } from 'node:stream';
import { formatTimestamp } from 'simvue-otel/time';
import { Type } from 'typebox';
import { randomId } from '../../pipeline/run-id.ts';
import type { Attributes } from '../../pipeline/telemetry.ts';
import { type ApiContext, type ApiServer, checkWritable } from '../api-context.ts';
import { type ContentUrl, ownedArtifact, requireArtifact } from '../artifact-content.ts';
import { artifactListJson, artifactView } from '../artifact-view.ts';
import { DoneView, IdView } from '../contract/answer.ts';
import {
  ArtifactChangeBody,
  ArtifactListQuerySchema,
  ArtifactListSchema,
  type ArtifactView,
  ArtifactViewSchema,
  type Lineage,
  LineageSchema,
  type NewArtifactAnswer,
  NewArtifactAnswerSchema,
  NewArtifactBody,
} from '../contract/artifact.ts';
import { IdParams } from '../contract/query.ts';
import { traceLineage } from '../lineage.ts';
import { printFor } from '../python-json.ts';
import { parseStringList } from '../query-value.ts';
import { parseArtifactSorting } from '../sorting.ts';

const MAX_RUNS = 1000;

/** `POST|GET /artifacts`, `GET|PUT|DELETE /artifacts/{id}`. */
export function registerArtifactRoutes(api: ApiServer, context: ApiContext, urlOf: ContentUrl): void {
  const { artifacts, storages } = context.catalog;

  api.post(
    '/artifacts',
    {
      schema: {
        summary: 'Announces content, which goes to the URL of the answer.',
        body: NewArtifactBody,
        response: { 200: NewArtifactAnswerSchema },
      },
    },
    async (request): Promise<NewArtifactAnswer> => {
      const { body, principal } = request;
      context.limits.checkVolume(principal.tenant, body.size);
      const id = randomId();
      const storageId = await storages.forNewArtifacts();
      await artifacts.create({
        id,
        name: body.name,
        originalPath: body.original_path ?? '',
        sizeBytes: body.size,
        mimeType: body.mime_type,
        checksum: body.checksum.toLowerCase(),
        metadata: (body.metadata ?? {}) as Attributes,
        storageId,
        user: principal.username,
        tenant: principal.tenant,
      });
      // Newer clients PUT the bare content unless there is a field to send.
      return { id, url: urlOf(request, id, 'upload'), fields: { key: id }, storage_id: storageId };
    },
  );

  api.get(
    '/artifacts',
    {
      schema: {
        summary: 'Artifacts.',
        querystring: ArtifactListQuerySchema,
        response: { 200: Type.Unsafe<Readable>(ArtifactListSchema) },
      },
    },
    async (request, reply) => {
      const { runs, sorting, start = 0, count } = request.query;
      const page = await artifacts.list({
        reader: request.principal,
        runIds: runs === undefined ? undefined : parseStringList('runs', runs, MAX_RUNS),
        sort: parseArtifactSorting(sorting),
        start,
        count,
      });
      const list = artifactListJson(artifacts, page, (row) => artifactView(row, urlOf(request, row.id, 'download')));
      const text = Readable.from(list).map((piece: string) => printFor(request, piece));
      return reply.type('application/json; charset=utf-8').send(text);
    },
  );

  api.get(
    '/artifacts/:id',
    { schema: { summary: 'An artifact.', params: IdParams, response: { 200: ArtifactViewSchema } } },
    async (request): Promise<ArtifactView> => {
      const artifact = await requireArtifact(context, request.principal, request.params.id);
      return artifactView(artifact, urlOf(request, artifact.id, 'download'));
    },
  );

  api.put(
    '/artifacts/:id',
    {
      schema: {
        summary: 'Changes an artifact.',
        params: IdParams,
        body: ArtifactChangeBody,
        response: { 200: IdView },
      },
    },
    async ({ params, body, principal }) => {
      const artifact = await requireArtifact(context, principal, params.id);
      checkWritable(principal, ownedArtifact(artifact), `artifact ${artifact.id}`);
      const { uploaded, metadata } = body;
      await artifacts.change(artifact.id, {
        // Content that is here stays uploaded, whatever is said.
        ...(uploaded === undefined ? {} : { uploaded: uploaded || artifact.storedBytes !== null }),
        ...(metadata === undefined ? {} : { metadata: (metadata ?? {}) as Attributes }),
      });
      return { id: artifact.id };
    },
  );

  api.delete(
    '/artifacts/:id',
    { schema: { summary: 'Deletes an artifact.', params: IdParams, response: { 200: DoneView } } },
    async ({ params, principal }) => {
      const artifact = await requireArtifact(context, principal, params.id);
      checkWritable(principal, ownedArtifact(artifact), `artifact ${artifact.id}`);
      await artifacts.remove(artifact.id);
      await context.deletion.removeForgottenContent();
      return {};
    },
  );

  const lineage = {
    summary: 'Where content comes from, and what became of it.',
    params: IdParams,
    response: { 200: LineageSchema },
  };
  api.get('/artifacts/:id/lineage', { schema: lineage }, async ({ params, principal }): Promise<Lineage> => {
    const { checksum } = await requireArtifact(context, principal, params.id);
    const { links, truncated } = await traceLineage(checksum, (query) =>
      artifacts.contentUses({ ...query, reader: principal }),
    );
    const data = links.map(({ use, level }) => ({
      run: use.runId,
      run_name: use.runName,
      folder: use.folder,
      status: use.status,
      artifact: use.artifactId,
      artifact_name: use.artifactName,
      category: use.category,
      added: formatTimestamp(use.addedUnixNano),
      checksum: use.checksum,
      level,
    }));
    return { checksum, truncated, data };
  });
}
