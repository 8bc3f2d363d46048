import { type Static, Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';
import { AllOrCount, Id, IdParams, Sorting, Start } from './query.ts';
import { RunStatusSchema } from './run.ts';

const Metadata = Type.Record(Type.String(), Type.Unknown());
const Checksum = Type.String({
  pattern: '^[0-9a-fA-F]{64}$',
  description: 'SHA-256 of the content, hexadecimal.',
});
const CATEGORIES = ['input', 'output', 'code'] as const;
export const CategorySchema = Type.Enum(CATEGORIES);

/** `POST /api/artifacts`; the content follows to the URL of the answer. */
export const NewArtifactBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 1024, pattern: String.raw`^[^\u0000-\u001f\u007f]+$` }),
  original_path: Type.Optional(nullable(Type.String({ maxLength: 4096 }), 'Where the file was; empty for an object.')),
  size: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Bytes as the sender counts them, which are not compared with the content.',
  }),
  mime_type: Type.String({ maxLength: 255, pattern: String.raw`^[\w!#$&^.+-]+/[\w!#$&^.+-]+( *;[ \x21-\x7e]*)?$` }),
  checksum: Checksum,
  metadata: Type.Optional(nullable(Metadata)),
});

/** `PUT /api/artifacts/{id}`; metadata replace those there are. */
export const ArtifactChangeBody = Type.Object({
  uploaded: Type.Optional(Type.Boolean()),
  metadata: Type.Optional(nullable(Metadata)),
});

/** `PUT /api/runs/{id}/artifacts/{artifact}` */
export const ArtifactCategoryBody = Type.Object({ category: CategorySchema });
export const ArtifactCategoryView = Type.Object({ id: Type.String(), category: CategorySchema });
/** The form that takes content: other fields come first. */
export const ContentForm = Type.Object({ file: Type.Unsafe<string>({ type: 'string', format: 'binary' }) });

export const RunArtifactParams = Type.Object({
  ...IdParams.properties,
  artifact: Id,
});

/** `GET /api/artifacts`: `runs` is a JSON list; without `count` everything. */
export const ArtifactListQuerySchema = Type.Object({
  runs: Type.Optional(
    Type.String({ description: 'A JSON list of ids of runs; absent = all.', examples: ['["DkVY5SER590KtF9sJsJiD7"]'] }),
  ),
  sorting: Sorting,
  start: Start,
  count: AllOrCount,
});

/** `GET /api/runs/{id}/artifacts` */
export const RunArtifactsQuerySchema = Type.Object({
  name: Type.Optional(Type.String({ description: 'Name of the artifact.' })),
  category: Type.Optional(Type.Enum(CATEGORIES, { description: 'What it is to the run.' })),
});

/** Query of a signed URL; one that is not signed is refused by the route, in its own words. */
export const SignatureQuerySchema = Type.Object({
  expires: Type.Optional(Type.String({ maxLength: 20, description: 'End of its time, in seconds since the epoch.' })),
  signature: Type.Optional(
    Type.String({ maxLength: 128, description: 'HMAC-SHA256 over artifact, purpose and end, hexadecimal.' }),
  ),
});

export const ArtifactViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  original_path: Type.String(),
  size: Type.Integer(),
  mime_type: Type.String(),
  checksum: Type.String(),
  metadata: Metadata,
  created: Timestamp,
  uploaded: Type.Boolean(),
  storage_id: Type.String(),
  user: Type.String(),
  /** Fetches the content without a token for an hour. */
  url: Type.String(),
  /** In the answers of a run only. */
  category: Type.Optional(CategorySchema),
});
export type ArtifactView = Static<typeof ArtifactViewSchema>;

/** A run, and which of its artifacts is meant. */
const RUN_AND_ARTIFACT = {
  run: Type.String(),
  run_name: Type.String(),
  folder: Type.String(),
  status: RunStatusSchema,
  artifact: Type.String(),
};

/**
 * `GET /api/artifacts/{id}/lineage`: where content comes from and what became of it. First the runs that made or used it, under whatever
 * name, in the order in which they got it; then what those made of it, what that became, and what it was made from.
 */
export const LineageSchema = Type.Object({
  checksum: Type.String(),
  /** True = there are more; the nearest ones are here. */
  truncated: Type.Boolean(),
  data: Type.Array(
    Type.Object({
      ...RUN_AND_ARTIFACT,
      artifact_name: Type.String(),
      category: CategorySchema,
      added: Timestamp,
      /** SHA-256 of the content. */
      checksum: Type.String(),
      /** Where the run stands: -1 made the content, 1 used it, -3 made what -1 used, 3 used what 1 made, and so on. */
      level: Type.Integer(),
    }),
  ),
});
export type Lineage = Static<typeof LineageSchema>;

/** `GET /api/runs/{id}/artifacts/{artifact}/namesakes` */
export const NamesakesQuerySchema = Type.Object({
  search: Type.Optional(
    Type.String({ maxLength: 200, description: 'What the name or the folder of the other run contains.' }),
  ),
});

/** Other runs with an artifact of the same name and category, at most 50: those of the same folder first, each with its newest one. */
export const NamesakesSchema = Type.Object({
  /** True = very many have this name, only the newest of them were searched. */
  truncated: Type.Boolean(),
  data: Type.Array(
    Type.Object({
      ...RUN_AND_ARTIFACT,
      size: Type.Integer(),
      created: Timestamp,
      /** SHA-256 of the content. */
      checksum: Type.String(),
    }),
  ),
});
export type Namesakes = Static<typeof NamesakesSchema>;

export const ArtifactListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(ArtifactViewSchema) });

export const NewArtifactAnswerSchema = Type.Object({
  id: Type.String(),
  /** Takes the content, as the part `file` of a form, without a token for an hour. */
  url: Type.String(),
  /** To be sent as form fields before the content. */
  fields: Type.Record(Type.String(), Type.String()),
  storage_id: Type.String(),
});
export type NewArtifactAnswer = Static<typeof NewArtifactAnswerSchema>;
