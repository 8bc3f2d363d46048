import { type Static, Type } from 'typebox';
import { nullable } from './json.ts';

/** `GET /api/runs/{id}/links` */
export const RunLinksSchema = Type.Object({
  /** The dashboard of `--grafana-url` with the run and its time; null without that setting. */
  grafana: nullable(Type.String()),
});
export type RunLinks = Static<typeof RunLinksSchema>;
