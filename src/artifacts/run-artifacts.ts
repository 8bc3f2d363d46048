import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, isAbsolute, normalize, relative, resolve, sep } from 'node:path';
import { isUint8Array } from 'node:util/types';
import type { Metadata } from '../attributes.ts';
import { errorText } from '../errors.ts';
import {
  type ArtifactCategory,
  type ArtifactManifest,
  type ArtifactProgress,
  type ArtifactStore,
  checkArtifactName,
  checkCategory,
  invalidArtifact,
} from './artifact.ts';
import { type ContentDigest, digestNow, digestOfBytes, digestOfFile, spoolStream } from './file-content.ts';
import { filesBelow } from './files-below.ts';
import { mimeTypeOf } from './mime-type.ts';
import { objectContent } from './object-content.ts';

/** What goes with an artifact. */
export interface SaveOptions {
  /** Default: a file's name, see `preservePath`; an object needs one. */
  readonly name?: string;
  /** MIME type; default: told from the file's name or the object. */
  readonly fileType?: string;
  /** True: the name is the path as it was given; false (default): the file's own name, or its path below the directory. */
  readonly preservePath?: boolean;
  readonly metadata?: Metadata;
  /** Called after each piece of at most 256 KiB. */
  readonly onProgress?: (progress: ArtifactProgress) => void;
}

const PARALLEL_FILES = 4;
const MAX_TOLD = 5;
const MIME_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+( *;[ \x21-\x7e]*)?$/;

/** Makes artifacts of files, directories and objects. */
export class RunArtifacts {
  readonly #store: ArtifactStore;

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  async saveFile(path: string, category: ArtifactCategory, options: SaveOptions = {}): Promise<void> {
    checkCategory(category);
    const name = options.name ?? (options.preservePath === true ? preservedPath(path) : basename(path));
    await this.#saveFile(path, name, category, options);
  }

  /** The conversion happens before this returns: the object may change afterwards. */
  saveObject(value: unknown, category: ArtifactCategory, options: SaveOptions = {}): Promise<void> {
    checkCategory(category);
    checkArtifactName(options.name);
    const { mimeType, content } = objectContent(value);
    return this.#saveObject(content, mimeType, options.name, category, options);
  }

  /** Links to files are followed. @throws `SIMVUE_ERR_INVALID_ARGUMENT` for a directory without files. */
  async saveDirectory(directory: string, category: ArtifactCategory, options: SaveOptions = {}): Promise<void> {
    checkCategory(category);
    const { files, failures } = await filesBelow(directory);
    if (files.length === 0 && failures.length === 0) throw invalidArtifact(`directory ${directory} holds no files`);
    const nameOf = (path: string) =>
      options.preservePath === true ? preservedPath(path) : slashes(relative(directory, path));
    await eachOf(files.sort(), (path) => this.#saveFile(path, nameOf(path), category, options), failures);
  }

  /** Paths of files and directories. */
  async saveAll(paths: readonly string[], category: ArtifactCategory, options: SaveOptions = {}): Promise<void> {
    checkCategory(category);
    if (!Array.isArray(paths)) throw invalidArtifact('saveAll needs a list of paths');
    await eachOf(paths, async (path) => {
      const isDirectory = (await stat(path)).isDirectory();
      await (isDirectory ? this.saveDirectory(path, category, options) : this.saveFile(path, category, options));
    });
  }

  async #saveFile(path: string, name: string, category: ArtifactCategory, options: SaveOptions): Promise<void> {
    checkArtifactName(name);
    const status = statSync(path);
    if (!status.isFile())
      throw invalidArtifact(`${path} is not a file${status.isDirectory() ? ': saveDirectory takes a directory' : ''}`);
    const originalPath = resolve(path);
    const artifact = { name, category, originalPath, mimeType: options.fileType ?? mimeTypeOf(path), options };
    if (status.size <= this.#store.atOnceBytes) {
      await this.#storeBytes(artifact, readFileSync(originalPath));
      return;
    }
    const content = { kind: 'file', path: originalPath, temporaryDirectory: undefined } as const;
    const draft = manifestOf(artifact, { sizeBytes: status.size, sha256: '' });
    const note = await this.#store.note(draft, content);
    let digest: ContentDigest;
    try {
      digest = await digestOfFile(originalPath);
    } catch (error) {
      await note?.forget();
      throw error;
    }
    await this.#store.store(manifestOf(artifact, digest), content, options.onProgress, note);
  }

  async #saveObject(
    value: Uint8Array | NodeJS.ReadableStream,
    mimeType: string,
    name: string,
    category: ArtifactCategory,
    options: SaveOptions,
  ): Promise<void> {
    const artifact = { name, category, originalPath: '', mimeType: options.fileType ?? mimeType, options };
    if (isUint8Array(value)) {
      await this.#storeBytes(artifact, value);
      return;
    }
    const [content, digest] = await spoolStream(value);
    await this.#store.store(manifestOf(artifact, digest), content, options.onProgress);
  }

  /** Little is in the journal when this returns: the process may end before its next turn. */
  async #storeBytes(artifact: NewArtifact, bytes: Uint8Array): Promise<void> {
    const isLittle = bytes.byteLength <= this.#store.atOnceBytes;
    const digest = isLittle ? digestNow(bytes) : await digestOfBytes(bytes);
    await this.#store.store(manifestOf(artifact, digest), { kind: 'bytes', bytes }, artifact.options.onProgress);
  }
}

interface NewArtifact {
  readonly name: string;
  readonly category: ArtifactCategory;
  readonly originalPath: string;
  readonly mimeType: string;
  readonly options: SaveOptions;
}

function manifestOf({ options, ...manifest }: NewArtifact, digest: ContentDigest): ArtifactManifest {
  if (!MIME_TYPE.test(manifest.mimeType)) throw invalidArtifact(`"${manifest.mimeType}" is not a MIME type`);
  return { ...manifest, ...digest, metadata: options.metadata ?? {} };
}

/** The path as it was given, without what leads to it: `./a/b` and `/a/b` are `a/b`. */
function preservedPath(path: string): string {
  const normal = normalize(path);
  const below = isAbsolute(normal) ? relative(resolve('/'), normal) : normal;
  return slashes(below).replace(/^(\.\.?\/)+/, '');
}

function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** Some at a time, so that a large directory opens few files; goes on after a failure, and fails at the end with the first ones. */
async function eachOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  failures: unknown[] = [],
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: PARALLEL_FILES }, worker));
  const [first] = failures;
  if (failures.length < 2) {
    if (first !== undefined) throw first;
    return;
  }
  const told = failures.slice(0, MAX_TOLD).map(errorText).join('; ');
  throw invalidArtifact(
    `${failures.length} of the files are not saved: ${told}${failures.length > MAX_TOLD ? '; …' : ''}`,
    first,
  );
}
