import { inspect } from 'node:util';
import type { Metadata } from '../attributes.ts';
import { SimvueError } from '../errors.ts';

export const ARTIFACT_CATEGORIES = ['code', 'input', 'output'] as const;
/** What an artifact is to its run. */
export type ArtifactCategory = (typeof ARTIFACT_CATEGORIES)[number];

/** Everything about an artifact save its content. */
export interface ArtifactManifest {
  /** 1 to 1024 characters; slashes make folders. */
  readonly name: string;
  readonly category: ArtifactCategory;
  /** Empty for an object. */
  readonly originalPath: string;
  readonly sizeBytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly mimeType: string;
  readonly metadata: Metadata;
}

/** Content in memory or in a file; a temporary directory was made for this content only and goes with it. */
export type ArtifactContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly path: string; readonly temporaryDirectory: string | undefined };

/** How much of an artifact is sent. */
export interface ArtifactProgress {
  readonly name: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** Says in the journal where a large file is, from before it is read until it is stored. */
export interface ArtifactNote {
  /** Adds what is known of the content now. */
  complete(manifest: ArtifactManifest): Promise<void>;
  /** The file is stored, or it is the program's own concern again. */
  forget(): Promise<void>;
}

/** Content of a file. */
export type FileContent = Extract<ArtifactContent, { readonly kind: 'file' }>;

/** Where the artifacts of a run go: to the server at once, or to a directory from which they are sent later. */
export interface ArtifactStore {
  /** Content in memory, up to this many bytes, that `store` has made safe from a kill when it returns its promise. */
  readonly atOnceBytes: number;
  /**
   * Notes a file so that a later process stores it from its place, should this one be killed; undefined = it needs or has no note.
   *
   * @param manifest - with an empty `sha256`.
   */
  note(manifest: ArtifactManifest, content: FileContent): Promise<ArtifactNote | undefined>;
  /** Settles when the content is stored; fails with the reason why it is not. A note goes with it. */
  store(
    manifest: ArtifactManifest,
    content: ArtifactContent,
    onProgress: ((progress: ArtifactProgress) => void) | undefined,
    note?: ArtifactNote,
  ): Promise<void>;
  /** Gives up what is under way. */
  shutdown(): void;
}

/** @throws `SIMVUE_ERR_INVALID_ARGUMENT` for anything but a category. */
export function checkCategory(category: unknown): asserts category is ArtifactCategory {
  if (ARTIFACT_CATEGORIES.some((known) => known === category)) return;
  throw invalidArtifact(`category ${JSON.stringify(category)} is not one of ${ARTIFACT_CATEGORIES.join(', ')}`);
}

/** @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a name that the server would refuse. */
export function checkArtifactName(name: unknown): asserts name is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not hold
  if (typeof name === 'string' && name.length <= 1024 && /^[^\u0000-\u001f\u007f]+$/.test(name)) return;
  const given = inspect(name, { maxStringLength: 64 });
  throw invalidArtifact(`an artifact needs a name of 1 to 1024 characters without control characters, not ${given}`);
}

/** An artifact that cannot be saved as it was given. */
export function invalidArtifact(message: string, cause?: unknown): SimvueError {
  return new SimvueError('SIMVUE_ERR_INVALID_ARGUMENT', message, { cause });
}
