import { type Static, Type } from 'typebox';

/**
 * `GET /api/live`: server-sent events, at most four a second. `hello` comes first, then `change` with all runs that changed since the last one;
 * the reader fetches what it shows. A comment line every 15 s keeps the connection open. `?run=<id>` (repeatable) limits it to those runs.
 */
export const LiveHelloSchema = Type.Object({ version: Type.String(), server_time: Type.String() });
export type LiveHello = Static<typeof LiveHelloSchema>;

export const LiveChangeSchema = Type.Object({
  /** True when more runs changed than are listed: the reader fetches all that it shows. */
  all: Type.Boolean(),
  runs: Type.Array(
    Type.Object({
      id: Type.String(),
      /** Points and events stored since the last change of this run. */
      points: Type.Integer(),
      events: Type.Integer(),
      /** Name, status, tags, metadata … may be different; also true for a new run. */
      state: Type.Boolean(),
      deleted: Type.Boolean(),
    }),
  ),
});
export type LiveChange = Static<typeof LiveChangeSchema>;
