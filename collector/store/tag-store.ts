import type { Reader } from '../pipeline/visibility.ts';

/** A tag as people see it; runs and folders know it by its name. */
export interface TagRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly name: string;
  /** `#rrggbb` or any other CSS colour. */
  readonly colour: string;
  readonly description: string | null;
  readonly user: string;
  readonly createdUnixNano: bigint;
  /** Number of runs that carry it, of those that the reader may see. */
  readonly runs: number;
}

export interface TagListQuery {
  readonly sort: readonly { readonly column: 'name' | 'created'; readonly descending: boolean }[];
  readonly start: number;
  /** 0 = all. */
  readonly count: number;
  /** Who sees the own tags, and those of the runs it may see; absent = all. */
  readonly reader?: Reader | undefined;
}

export interface TagStore {
  /** A page of tags, and the number of all. */
  list(query: TagListQuery): Promise<{ readonly count: number; readonly tags: readonly TagRow[] }>;
  get(id: string, reader?: Reader): Promise<TagRow | undefined>;
  /** @returns its id, and false when there is a tag of that name: then nothing changes. */
  create(tag: {
    readonly name: string;
    readonly colour?: string | undefined;
    readonly description?: string | undefined;
    readonly user: string;
  }): Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Changes what is given. @returns false when the new name is taken. */
  change(
    id: string,
    change: {
      readonly name?: string | undefined;
      readonly colour?: string | undefined;
      readonly description?: string | null | undefined;
    },
  ): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Ids of the runs that carry the tag. */
  runIds(name: string): Promise<readonly string[]>;
}
