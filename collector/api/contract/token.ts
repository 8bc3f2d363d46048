import { type Static, Type } from 'typebox';
import { nullable, Timestamp } from './json.ts';

const ScopeSchema = Type.Enum(['read', 'ingest', 'admin', 'ingest:any', 'ingest:delegate']);
const YEAR_SECONDS = 366 * 86_400;

export const NewTokenBody = Type.Object(
  {
    /** What it is for. */
    name: Type.String({ minLength: 1, maxLength: 255 }),
    /** Default: `read` and `ingest`, as far as the maker has them. */
    scopes: Type.Optional(Type.Array(ScopeSchema, { minItems: 1, uniqueItems: true })),
    /** Default: 90 days. */
    lifetime_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: YEAR_SECONDS })),
  },
  { additionalProperties: false },
);

/** A token without its text. */
export const TokenViewSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  user: Type.String(),
  scopes: Type.Array(ScopeSchema),
  created: Timestamp,
  expires: Timestamp,
  revoked: nullable(Timestamp),
});
export type TokenView = Static<typeof TokenViewSchema>;
export const TokenListSchema = Type.Object({ count: Type.Integer(), data: Type.Array(TokenViewSchema) });
export type TokenList = Static<typeof TokenListSchema>;

/** Answer to `POST /api/tokens`: the only time that the text is told. */
export const NewTokenSchema = Type.Object({ ...TokenViewSchema.properties, token: Type.String() });
export type NewToken = Static<typeof NewTokenSchema>;
