import { Type } from 'typebox';

/** Version of the Simvue server whose REST API is served; its clients refuse any other major version. */
export const SIMVUE_VERSION = '1.5.0';
export const VersionView = Type.Object({ version: Type.String({ examples: [SIMVUE_VERSION] }) });
export const WhoAmIView = Type.Object({ username: Type.String(), tenant: Type.String() });
/** By status: those that the principal may read. */
export const StatsView = Type.Object({
  runs: Type.Record(Type.String(), Type.Integer(), { examples: [{ running: 2, completed: 40 }] }),
});
