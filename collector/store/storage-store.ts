/** The place of content that is there from the start: files in the data directory. */
export const EMBEDDED_STORAGE_ID = 'default000000000000000';

export const STORAGE_BACKENDS = ['File', 'S3'] as const;
export type StorageBackend = (typeof STORAGE_BACKENDS)[number];

/** A place for the content of artifacts, as the catalogue keeps it. */
export interface StorageRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  readonly name: string;
  readonly backend: StorageBackend;
  /** As it was sent, secrets included: not for an answer as it is. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly isDefault: boolean;
  readonly isEnabled: boolean;
  readonly isTenantUseable: boolean;
  readonly user: string;
  readonly tenant: string;
  readonly createdUnixNano: bigint;
}

export type NewStorage = Omit<StorageRow, 'createdUnixNano'>;
export type StorageChange = Partial<Pick<StorageRow, 'name' | 'isDefault' | 'isEnabled' | 'isTenantUseable'>>;

/** What a data directory takes on its disk, in bytes. */
export interface DiskSpace {
  readonly path: string;
  readonly totalBytes: number;
  /** What the collector may still write. */
  readonly freeBytes: number;
  /** Runs, folders, alerts, users … */
  readonly catalogueBytes: number;
  /** What has been received, kept until the store is past it. */
  readonly logBytes: number;
  /** Points, events and spans. */
  readonly pointBytes: number;
}

/** Places of content; one of them is the default. Every method that writes is one durable transaction. */
export interface StorageStore {
  create(storage: NewStorage): Promise<void>;
  get(id: string): Promise<StorageRow | undefined>;
  /** All of them, oldest first. */
  list(): Promise<readonly StorageRow[]>;
  /** A new default takes that from the one before. */
  change(id: string, change: StorageChange): Promise<void>;
  /** True when an artifact is kept there. */
  isUsed(id: string): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Where the content of new artifacts goes: the default, when it can take content, else the embedded one. */
  forNewArtifacts(): Promise<string>;
}
