import { type Static, Type } from 'typebox';
import { Timestamp } from './json.ts';

const Name = Type.String({ minLength: 1, maxLength: 255 });
const limit = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const TENANT_FIELDS = {
  is_enabled: Type.Optional(Type.Boolean({ description: 'False: only admins of the tenant get in.' })),
  max_request_rate: limit('Requests a second of all its users; 0 = no limit.'),
  max_runs: limit('Runs at the same time; 0 = no limit.'),
  max_data_volume: limit('GiB of points, events and artifacts; 0 = no limit.'),
} as const;
export const NewTenantBody = Type.Object({ name: Name, ...TENANT_FIELDS }, { additionalProperties: false });
export const TenantChangeBody = Type.Object(
  { name: Type.Optional(Name), ...TENANT_FIELDS },
  { additionalProperties: false },
);
export type TenantChangeBody = Static<typeof TenantChangeBody>;
export const TenantViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  is_enabled: Type.Boolean(),
  max_request_rate: Type.Integer(),
  max_runs: Type.Integer(),
  max_data_volume: Type.Integer(),
  created: Timestamp,
});
export type TenantView = Static<typeof TenantViewSchema>;
export const TenantListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(TenantViewSchema) });

const USER_FIELDS = {
  username: Type.Optional(Name),
  fullname: Type.Optional(Type.String({ maxLength: 255 })),
  email: Type.Optional(Type.String({ maxLength: 255 })),
  is_manager: Type.Optional(Type.Boolean()),
  is_admin: Type.Optional(Type.Boolean()),
  is_readonly: Type.Optional(Type.Boolean()),
  is_enabled: Type.Optional(Type.Boolean()),
  is_deleted: Type.Optional(Type.Boolean()),
  welcome: Type.Optional(Type.Boolean()),
} as const;
const UserFields = Type.Object(USER_FIELDS, { additionalProperties: false });
export type UserFields = Static<typeof UserFields>;
/** Simvue's client says everything twice: below `user`, and beside it. */
export const NewUserBody = Type.Object(
  {
    ...USER_FIELDS,
    user: Type.Optional(UserFields),
    tenant: Type.Optional(Type.String()),
    offline: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export const UserChangeBody = Type.Object(
  { ...USER_FIELDS, tenant: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
export const UserViewSchema = Type.Object({
  id: Type.String(),
  username: Type.String(),
  fullname: Type.String(),
  email: Type.String(),
  tenant: Type.String(),
  is_manager: Type.Boolean(),
  is_admin: Type.Boolean(),
  is_readonly: Type.Boolean(),
  is_enabled: Type.Boolean(),
  is_deleted: Type.Boolean(),
  created: Timestamp,
});
export type UserView = Static<typeof UserViewSchema>;
export const UserListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(UserViewSchema) });
