import { TOTAL_STEPS_KEY } from 'simvue-otel/semconv';
import { type Static, Type } from 'typebox';
import { flag, nullable } from './json.ts';
import { Runs } from './query.ts';
import { RunStatusSchema } from './run.ts';

/** `YYYY-MM-DDTHH:MM:SS.ffffff`, UTC. */
const TimestampText = Type.String({
  pattern: String.raw`^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$`,
});
const Name = Type.String({ minLength: 1, maxLength: 255 });
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
  maxItems: 1000,
  description: 'All tags from now on.',
});
const FolderPath = Type.String({
  pattern: '^/',
  maxLength: 4096,
  description: 'Path of the folder, which is made when it is not there.',
  examples: ['/wings/v2'],
});
const Metadata = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Merged with those that are there, nested objects too.',
  examples: [{ lr: 0.1, mesh: { cells: 120000 } }],
});
const Description = nullable(Type.String({ maxLength: 65_536 }));
const System = Type.Record(Type.String(), Type.Unknown(), { description: 'Machine and software of the program.' });
const seconds = (description: string) => nullable(Type.Integer({ minimum: 0 }), description);
const Users = Type.Array(Type.String(), { maxItems: 1000 });
/** A batch names the users in `user`, everything else in `users`. */
const VisibilityBody = Type.Object(
  {
    users: Type.Optional(Users),
    user: Type.Optional(Users),
    tenant: Type.Optional(Type.Boolean()),
    public: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, description: 'Who reads it besides its owner: users by name, the tenant, everybody.' },
);
export type VisibilityBody = Static<typeof VisibilityBody>;

const RUN_FIELDS = {
  folder: Type.Optional(FolderPath),
  name: Type.Optional(nullable(Name, 'Two words are found when it has none.')),
  status: Type.Optional(RunStatusSchema),
  system: Type.Optional(nullable(System)),
  description: Type.Optional(Description),
  tags: Type.Optional(Tags),
  metadata: Type.Optional(nullable(Metadata)),
  visibility: Type.Optional(nullable(VisibilityBody)),
  ttl: Type.Optional(seconds('Seconds for which the run is kept after its end; null = for ever.')),
  heartbeat_timeout: Type.Optional(
    seconds('Seconds without a sign of life after which the run is lost; null = never.'),
  ),
  total_steps: Type.Optional(
    nullable(
      Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      `Steps that the run will make, kept as the metadata \`${TOTAL_STEPS_KEY}\`; null = nobody knows.`,
    ),
  ),
  alerts: Type.Optional(nullable(Type.Array(Type.String(), { maxItems: 1000 }), 'Ids of all alerts from now on.')),
  notifications: Type.Optional(
    Type.Object(
      { state: Type.Enum(['none', 'all', 'error', 'lost']) },
      { description: 'Of which ends its owner wants to hear.' },
    ),
  ),
  started: Type.Optional(nullable(TimestampText, 'When it was started, if that is not now.')),
  endtime: Type.Optional(nullable(TimestampText, 'When it ended, if that is not now.')),
} as const;

/** `PUT /api/runs/{id}`: what changes. */
export const RunChangeBody = Type.Object(RUN_FIELDS, { additionalProperties: false });
export type RunChangeBody = Static<typeof RunChangeBody>;

const UNREAD = Type.Optional(
  Type.Unknown({ description: 'Versions 2.0 and 2.1 of the Python client send it; not read.' }),
);
export const NewRunBody = Type.Object(
  {
    ...RUN_FIELDS,
    folder: FolderPath,
    created: UNREAD,
    folder_id: UNREAD,
  },
  { additionalProperties: false },
);
export type NewRunBody = Static<typeof NewRunBody>;
/** `POST /api/runs`: one run, or a batch. Not `anyOf`, so that an error names the field and not the alternatives. */
export const NewRunsBody = Type.Unsafe<NewRunBody | readonly NewRunBody[]>({
  type: ['object', 'array'],
  if: { type: 'array' },
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  then: Type.Array(NewRunBody, { maxItems: 10_000 }),
  else: NewRunBody,
});

/** `DELETE /api/runs`: `runs` is a JSON list. */
export const RunDeletionQuery = Type.Object({ runs: Runs });

const NewRunView = Type.Object({ id: Type.String(), name: Type.String() });
/** As many as there were in the body, in their order. */
export const NewRunsView = Type.Union([NewRunView, Type.Array(NewRunView)]);

export const AbortView = Type.Object({
  status: Type.Boolean({ description: 'True = the run shall stop.' }),
  reason: nullable(Type.String()),
  user: nullable(Type.String()),
});
/** `status`: false when the run has ended already. */
export const AbortRequestView = Type.Object({ id: Type.String(), status: Type.Boolean() });
export const AbortBody = Type.Object({ reason: Type.Optional(Description) });
export const StarBody = Type.Object({ starred: Type.Boolean() }, { additionalProperties: false });

const FOLDER_FIELDS = {
  name: Type.Optional(nullable(Name)),
  description: Type.Optional(Description),
  tags: Type.Optional(nullable(Tags)),
  metadata: Type.Optional(nullable(Metadata)),
  visibility: Type.Optional(nullable(VisibilityBody)),
  ttl: Type.Optional(seconds('Seconds; kept for clients, folders do not expire.')),
} as const;

/** `POST /api/folders` */
export const NewFolderBody = Type.Object({ ...FOLDER_FIELDS, path: FolderPath }, { additionalProperties: false });
/** `PUT /api/folders/{id}`; the path is not changed. */
export const FolderChangeBody = Type.Object(
  { ...FOLDER_FIELDS, path: Type.Optional(FolderPath) },
  { additionalProperties: false },
);
export type FolderChangeBody = Static<typeof FolderChangeBody>;

/** A CSS colour as a name, `#rgb[a]`, `#rrggbb[aa]`, or `rgb()`, `hsl()` … */
const Colour = Type.String({
  pattern: String.raw`^(#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,30}|[a-z]{2,5}\([0-9A-Za-z.,%/ +-]{1,60}\))$`,
});
/** `POST /api/tags` */
export const NewTagBody = Type.Object(
  { name: Name, colour: Type.Optional(nullable(Colour)), description: Type.Optional(nullable(Type.String())) },
  { additionalProperties: false },
);
/** `PUT /api/tags/{id}` */
export const TagChangeBody = Type.Partial(NewTagBody, { additionalProperties: false });
/** `DELETE /api/folders/{id}` */
export const FolderDeletionQuery = Type.Object({
  recursive: flag('True: the folders below it too.'),
  runs: flag('True: their runs too, without which a folder that holds runs stays.'),
  runs_only: flag('True: the runs, but no folder.'),
});
/** Ids of what was deleted. */
export const FolderDeletionView = Type.Object({
  folders: Type.Array(Type.String()),
  runs: Type.Array(Type.String()),
});
