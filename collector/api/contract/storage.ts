import { type Static, Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
const Flag = Type.Optional(Type.Boolean());
const FLAGS = { is_tenant_useable: Flag, is_default: Flag, is_enabled: Flag } as const;
const Text = Type.String({ maxLength: 4096 });

const S3Config = Type.Object({
  endpoint_url: Text,
  region_name: Type.Optional(nullable(Text)),
  access_key_id: Text,
  secret_access_key: Text,
  bucket: Text,
  ca_cert: Type.Optional(nullable(Type.String({ maxLength: 65_536 }))),
});

/** `POST /api/storage`; `config` is that of the backend `S3`, which needs it. */
export const NewStorageBody = Type.Object({
  name: Name,
  backend: Type.Enum(['File', 'S3']),
  config: Type.Optional(nullable(S3Config)),
  /** The endpoint is never contacted. */
  disable_check: Flag,
  ...FLAGS,
});

/** `PUT /api/storage/{id}` */
export const StorageChangeBody = Type.Object({ name: Type.Optional(Name), ...FLAGS });

/** A place of content, without its secrets. */
export const StorageViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  backend: Type.Enum(['File', 'S3']),
  config: Type.Object({
    endpoint_url: Type.Optional(Type.String()),
    region_name: Type.Optional(nullable(Type.String())),
    bucket: Type.Optional(Type.String()),
  }),
  is_default: Type.Boolean(),
  is_tenant_useable: Type.Boolean(),
  is_enabled: Type.Boolean(),
  created: Timestamp,
  user: Type.String(),
});
export type StorageView = Static<typeof StorageViewSchema>;

export const StorageListSchema = Type.Array(StorageViewSchema);
export type StorageList = Static<typeof StorageListSchema>;

const Bytes = Type.Integer({ minimum: 0 });
/** `GET /api/storage/usage`: what the data directory takes, in bytes. */
export const StorageUsageSchema = Type.Object({
  path: Type.String(),
  total: Type.Integer({ minimum: 0, description: 'Of the disk.' }),
  free: Type.Integer({ minimum: 0, description: 'What the collector may still write.' }),
  artifacts: Bytes,
  points: Type.Integer({ minimum: 0, description: 'Points, events and spans.' }),
  log: Type.Integer({ minimum: 0, description: 'What was received, until the store is past it.' }),
  catalogue: Bytes,
  /** The runs that sent the most, and how much, as it was received. */
  largest: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), folder: Type.String(), received: Bytes })),
  /** Runs with a retention of their own that will be deleted, and when the first of them. */
  expiring: Type.Object({ runs: Type.Integer(), next: nullable(Timestamp) }),
  /** Folders whose runs are deleted so many seconds after their end, the shortest first. */
  folders: Type.Array(Type.Object({ path: Type.String(), retention: Type.Integer() })),
});
export type StorageUsage = Static<typeof StorageUsageSchema>;
