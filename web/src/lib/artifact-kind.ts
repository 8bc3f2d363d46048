import type { ArtifactView } from '../../../collector/api/contract/artifact.ts';
import type { IconName } from './icons.ts';

/** How content is shown; `none` = it can only be downloaded. */
export type ArtifactKind = 'image' | 'table' | 'json' | 'figure' | 'markdown' | 'array' | 'text' | 'none';

const IMAGES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
};
/** Content that is not fetched, since no text is in it; whether any other is text is seen in its bytes. */
const BINARY_NAME = /\.(?:gz|zst|zip|tar|bz2|xz|7z|npz|pt|pth|pkl|h5|hdf5|nc|bin|so|exe|mp4|webm|pdf|parquet)$/i;
const BINARY_TYPE = /^(?:image|video|audio|font)\/|^application\/(?:vnd\.simvue\.|pdf$|zip$|gzip$)/;
/** What is read at most, bytes: a viewer shows the beginning, a download has it all. */
const LIMIT_BYTES: Record<ArtifactKind, number> = {
  image: 32e6,
  table: 1e6,
  json: 2e6,
  figure: 16e6,
  markdown: 1e6,
  array: 16e6,
  text: 1e6,
  none: 0,
};

export const extensionOf = (name: string): string => /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** How an artifact is shown, from its type and then from its name. */
export function artifactKind({ name, mime_type }: Pick<ArtifactView, 'name' | 'mime_type'>): ArtifactKind {
  const type = mime_type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const extension = extensionOf(name);
  if (imageType({ name, mime_type })) return 'image';
  if (type === 'application/vnd.simvue.numpy.v1' || extension === 'npy') return 'array';
  if (['text/csv', 'text/tab-separated-values', 'application/vnd.simvue.df.v1'].includes(type)) return 'table';
  if (['csv', 'tsv'].includes(extension)) return 'table';
  if (type === 'application/vnd.plotly.v1+json' || /\.plotly\.json$/i.test(name)) return 'figure';
  if (type === 'text/markdown' || extension === 'md') return 'markdown';
  if (type === 'application/json' || type.endsWith('+json') || extension === 'json') return 'json';
  return BINARY_TYPE.test(type) || BINARY_NAME.test(name) ? 'none' : 'text';
}

/** The type as which a browser may draw it, one that cannot run anything inside an image element. */
export function imageType({ name, mime_type }: Pick<ArtifactView, 'name' | 'mime_type'>): string | undefined {
  const type = mime_type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return Object.values(IMAGES).find((known) => known === type) ?? IMAGES[extensionOf(name)];
}

export const limitBytes = (kind: ArtifactKind): number => LIMIT_BYTES[kind];

/** Icon in the tree. */
export function artifactIcon(artifact: ArtifactView): IconName {
  if (artifact.category === 'code') return 'code';
  const kind = artifactKind(artifact);
  if (kind === 'image') return 'image';
  return kind === 'none' || kind === 'array' ? 'cube' : 'file';
}

/** `1.4 kB`, `184 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(5, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB', 'TB', 'PB'][power]}`;
}
