import { TenantViewSchema, UserViewSchema } from '../contract/account.ts';
import { AlertRuleSchema, AlertViewSchema, NewAlertBody, RunAlertSchema } from '../contract/alert.ts';
import { ArtifactViewSchema, NewArtifactAnswerSchema, NewArtifactBody } from '../contract/artifact.ts';
import { GridViewSchema } from '../contract/grid.ts';
import { Timestamp } from '../contract/json.ts';
import { MetricSummarySchema } from '../contract/metric-summary.ts';
import { ProblemSchema } from '../contract/problem.ts';
import {
  FolderViewSchema,
  InstanceViewSchema,
  RunListItemSchema,
  RunStatusSchema,
  RunViewSchema,
  TagViewSchema,
} from '../contract/run.ts';
import { StorageViewSchema } from '../contract/storage.ts';
import { EventViewSchema, PlotBucketsSchema, PlotPointsSchema, SeriesViewSchema } from '../contract/telemetry.ts';
import { TokenViewSchema } from '../contract/token.ts';
import { NewRunBody, RunChangeBody } from '../contract/write.ts';

/** Schemas that the document defines once, by name. */
const NAMED: Readonly<Record<string, object>> = {
  Problem: ProblemSchema,
  Timestamp,
  Run: RunViewSchema,
  RunListItem: RunListItemSchema,
  RunStatus: RunStatusSchema,
  NewRun: NewRunBody,
  RunChange: RunChangeBody,
  MetricSummary: MetricSummarySchema,
  Instance: InstanceViewSchema,
  Folder: FolderViewSchema,
  Tag: TagViewSchema,
  Alert: AlertViewSchema,
  NewAlert: NewAlertBody,
  AlertRule: AlertRuleSchema,
  RunAlert: RunAlertSchema,
  Artifact: ArtifactViewSchema,
  NewArtifact: NewArtifactBody,
  ArtifactUpload: NewArtifactAnswerSchema,
  Storage: StorageViewSchema,
  Grid: GridViewSchema,
  Series: SeriesViewSchema,
  PlotPoints: PlotPointsSchema,
  PlotBuckets: PlotBucketsSchema,
  Event: EventViewSchema,
  Tenant: TenantViewSchema,
  User: UserViewSchema,
  Token: TokenViewSchema,
};
const NAMES = new Map<unknown, string>(Object.entries(NAMED).map(([name, schema]) => [schema, name]));

/** A copy of a schema in which those that have a name are references to `components`. */
export function nameSchemas(schema: unknown): unknown {
  const name = NAMES.get(schema);
  return name === undefined ? nameParts(schema) : { $ref: `#/components/schemas/${name}` };
}

/** The schemas that {@link nameSchemas} refers to. */
export function componentSchemas(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, nameParts(schema)]));
}

function nameParts(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(nameSchemas);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, nameSchemas(value)]));
}
