import type { FolderDetails } from '../pipeline/run-change.ts';
import type { Attributes } from '../pipeline/telemetry.ts';
import type { Reader, Visibility } from '../pipeline/visibility.ts';
import type { FolderFilter } from './run-filter.ts';

export interface FolderRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly path: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly metadata: Attributes;
  readonly retentionSeconds: number | null;
  readonly user: string;
  readonly tenant: string;
  readonly visibility: Visibility;
  readonly createdUnixNano: bigint;
  readonly modifiedUnixNano: bigint;
  readonly runs: number;
}

/** When an edit was made, and what breaks ties. */
export interface EditStamp {
  readonly timeUnixNano: bigint;
  readonly uid: string;
}

/** Who makes a folder that is not there. */
export interface FolderOwner {
  readonly user: string;
  readonly tenant: string;
}

export interface FolderListQuery {
  /** Combined with AND. */
  readonly filters: readonly FolderFilter[];
  readonly sort: readonly {
    readonly column: 'path' | 'name' | 'created' | 'modified' | `metadata.${string}`;
    readonly descending: boolean;
  }[];
  readonly start: number;
  /** 0 = all. */
  readonly count: number;
  /** Absent = all folders. */
  readonly reader?: Reader | undefined;
}

export interface FolderStore {
  list(query: FolderListQuery): Promise<{ readonly count: number; readonly folders: readonly FolderRow[] }>;
  get(id: string): Promise<FolderRow | undefined>;
  /** Makes the folder and its parents. @returns its id, and false when it was there: then nothing changes. */
  create(
    details: FolderDetails,
    stamp: EditStamp,
    owner: FolderOwner,
  ): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Folds what is said of the folder. @returns false when nothing is different. */
  change(details: FolderDetails, stamp: EditStamp, owner: FolderOwner): Promise<boolean>;
  /** The folders at and below a path. */
  tree(path: string): Promise<readonly FolderRow[]>;
  /** The folders that carry a tag. */
  tagged(tag: string): Promise<readonly FolderRow[]>;
  /** Ids of the runs in a folder; of those in the folders below it too with `recursive`. */
  runIds(path: string, recursive: boolean): Promise<readonly string[]>;
  /** Removes folders; a run that is still in one makes it again with its next change. */
  remove(ids: readonly string[]): Promise<void>;
}
