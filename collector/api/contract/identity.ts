import { type Static, Type } from 'typebox';
import { flag } from './json.ts';

/** Version of the Simvue server whose REST API is served; its clients refuse any other major version. */
export const SIMVUE_VERSION = '1.5.0';
export const VersionView = Type.Object({ version: Type.String({ examples: [SIMVUE_VERSION] }) });
export const WhoAmIView = Type.Object({
  username: Type.String(),
  user: Type.String({ description: 'The same, for `simvue-cli`.' }),
  tenant: Type.String(),
  is_admin: Type.Boolean(),
  is_manager: Type.Boolean(),
  scopes: Type.Array(Type.String(), { description: 'What the token, or the session, is for.' }),
});
export type WhoAmIView = Static<typeof WhoAmIView>;
/** `GET /api/stats`: `single=False` asks for what users have. */
export const StatsQuery = Type.Object({
  single: flag('False = numbers by user.'),
  tenant: Type.Optional(Type.String({ description: 'Id or name: only users of this tenant.' })),
});
const Amount = Type.Integer({ minimum: 0 });
const RECEIVED = 'Received for the runs, counted every few seconds.';
/** By username; one's own, for administrators of everyone who has anything. */
export const UsageView = Type.Record(
  Type.String(),
  Type.Object({
    runs: Amount,
    alerts: Amount,
    tags: Amount,
    files: Amount,
    volume: Type.Integer({ minimum: 0, description: 'Bytes of artifacts.' }),
    events: Type.Integer({ minimum: 0, description: RECEIVED }),
    metrics: Type.Integer({ minimum: 0, description: RECEIVED }),
  }),
);
/** By status: those that the principal may read; `data`: bytes of the principal's artifacts. */
export const StatsView = Type.Object({
  runs: Type.Record(Type.String(), Type.Integer(), { examples: [{ running: 2, completed: 40, data: 4096 }] }),
});
