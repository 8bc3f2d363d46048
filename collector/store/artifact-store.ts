import type { RunStatus } from 'simvue-otel/semconv';
import type { Principal } from '../pipeline/principal.ts';
import type { Attributes } from '../pipeline/telemetry.ts';
import type { Owned } from '../pipeline/visibility.ts';

/** What an artifact is to a run. */
export const ARTIFACT_CATEGORIES = ['input', 'output', 'code'] as const;
export type ArtifactCategory = (typeof ARTIFACT_CATEGORIES)[number];

/** An artifact as the catalogue keeps it. */
export interface ArtifactRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  /** Not unique; may contain `/`. */
  readonly name: string;
  /** Empty when the artifact is an object and not a file. */
  readonly originalPath: string;
  /** As its sender declared it: Simvue's Python client counts the object in memory, not its bytes. */
  readonly sizeBytes: number;
  readonly mimeType: string;
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly checksum: string;
  readonly metadata: Attributes;
  /** True when its sender said so, or its content is here. */
  readonly uploaded: boolean;
  /** Length of its content; null while it is not here. */
  readonly storedBytes: number | null;
  readonly storageId: string;
  readonly user: string;
  readonly tenant: string;
  readonly createdUnixNano: bigint;
}

export type NewArtifact = Omit<ArtifactRow, 'uploaded' | 'storedBytes' | 'createdUnixNano'>;

/** An artifact and what it is to the run it was asked of. */
export interface RunArtifact {
  readonly artifact: ArtifactRow;
  readonly category: ArtifactCategory;
}

/** A run that made or used certain content. */
export interface ContentUse {
  /** SHA-256 of the content. */
  readonly checksum: string;
  readonly runId: string;
  readonly runName: string;
  readonly folder: string;
  readonly status: RunStatus;
  readonly artifactId: string;
  readonly artifactName: string;
  readonly category: ArtifactCategory;
  /** When the artifact became one of the run. */
  readonly addedUnixNano: bigint;
}

export interface ContentUseQuery {
  /** Only uses of these contents, or by these runs. */
  readonly of: { readonly checksums: readonly string[] } | { readonly runIds: readonly string[] };
  /** Undefined = all. */
  readonly categories?: readonly ArtifactCategory[];
  /** Only runs that this principal may read. */
  readonly reader: Principal;
  readonly limit: number;
}

/** A run that has an artifact of a certain name and category. */
export interface Namesake extends Omit<ContentUse, 'artifactName' | 'category' | 'addedUnixNano'> {
  readonly sizeBytes: number;
  readonly createdUnixNano: bigint;
}

export interface NamesakeQuery {
  readonly name: string;
  readonly category: ArtifactCategory;
  /** The run whose namesakes are wanted; it is none of them. */
  readonly runId: string;
  /** Runs of this folder come first. */
  readonly folder: string;
  /** What the name or the folder of a run contains, in any case of ASCII letters; empty = any. */
  readonly search: string;
  /** Only runs that this principal may read. */
  readonly reader: Principal;
  readonly limit: number;
}

export type ArtifactSortColumn = 'name' | 'created' | `metadata.${string}`;

export interface ArtifactListQuery {
  /** Only artifacts that this principal may read are listed and counted. */
  readonly reader: Principal;
  /** Only artifacts of these runs; undefined = all. */
  readonly runIds?: readonly string[] | undefined;
  readonly sort: readonly { readonly column: ArtifactSortColumn; readonly descending: boolean }[];
  readonly start: number;
  /** undefined = all. */
  readonly count?: number | undefined;
}

/** Artifacts and the runs they belong to; every method that writes is one durable transaction. */
export interface ArtifactStore {
  create(artifact: NewArtifact): Promise<void>;
  get(id: string): Promise<ArtifactRow | undefined>;
  /** @returns the number of artifacts that match, and the ids of the page. */
  list(query: ArtifactListQuery): Promise<{ readonly count: number; readonly ids: readonly string[] }>;
  /** In the order of the ids, without those that are not there. */
  getMany(ids: readonly string[]): Promise<readonly ArtifactRow[]>;
  /** @returns false when there is no such artifact. */
  change(id: string, change: { readonly uploaded?: boolean; readonly metadata?: Attributes }): Promise<boolean>;
  /** Its content is durable now. @returns false when the artifact was deleted meanwhile. */
  setStored(id: string, bytes: number): Promise<boolean>;
  /** Runs that an artifact belongs to, as far as access is concerned. */
  runsOf(id: string): Promise<readonly Owned[]>;
  /** Makes an artifact one of a run, or changes its category. @returns false when one of them is not there. */
  attach(runId: string, id: string, category: ArtifactCategory): Promise<boolean>;
  ofRun(
    runId: string,
    filter: { readonly name?: string | undefined; readonly category?: ArtifactCategory | undefined },
  ): Promise<readonly RunArtifact[]>;
  /** How many {@link ArtifactStore.ofRun} has. */
  countOfRun(runId: string): Promise<number>;
  /** Who made and used what, in the order in which they got it. */
  contentUses(query: ContentUseQuery): Promise<readonly ContentUse[]>;
  /** Runs with an artifact of the same name, the newest first. @returns `truncated` when only the newest of very many were looked at. */
  namesakes(query: NamesakeQuery): Promise<{ readonly found: readonly Namesake[]; readonly truncated: boolean }>;
  categoryOf(runId: string, id: string): Promise<ArtifactCategory | undefined>;
  /** Forgets an artifact; its content waits in {@link ArtifactStore.contentToRemove}. @returns false when there is no such artifact. */
  remove(id: string): Promise<boolean>;
  /** Ids of forgotten artifacts whose content may still be here, at most `limit`. */
  contentToRemove(limit: number): Promise<readonly string[]>;
  contentRemoved(ids: readonly string[]): Promise<void>;
}
