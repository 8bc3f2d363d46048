import type { StorageUsage } from '../../../collector/api/contract/storage.ts';
import { formatBytes } from './artifact-kind.ts';

/** One kind of what a data directory holds; `share` is its part of all of it, 0 to 1. */
export interface SpacePart {
  readonly name: string;
  readonly detail: string;
  readonly bytes: number;
  readonly share: number;
}

/** What the data directory holds, the largest first. */
export function spaceParts(usage: Pick<StorageUsage, 'artifacts' | 'points' | 'log' | 'catalogue'>): SpacePart[] {
  const parts = [
    { name: 'Artifacts', detail: 'content of files and objects', bytes: usage.artifacts },
    { name: 'Points', detail: 'with events and spans', bytes: usage.points },
    { name: 'Ingest log', detail: 'what was received, until it is stored', bytes: usage.log },
    { name: 'Catalogue', detail: 'runs, folders, alerts, users', bytes: usage.catalogue },
  ];
  const total = sumOf(usage);
  return parts
    .map((part) => ({ ...part, share: total === 0 ? 0 : part.bytes / total }))
    .sort((a, b) => b.bytes - a.bytes);
}

const sumOf = ({
  artifacts,
  points,
  log,
  catalogue,
}: Pick<StorageUsage, 'artifacts' | 'points' | 'log' | 'catalogue'>) => artifacts + points + log + catalogue;

/** How the disk is, in one sentence with numbers. */
export function spaceSentence(usage: StorageUsage): string {
  return `The data directory takes ${formatBytes(sumOf(usage))}; ${formatBytes(usage.free)} of ${formatBytes(usage.total)} are free on the disk.`;
}

/** True when less than a twentieth of the disk is free. */
export const isScarce = ({ free, total }: Pick<StorageUsage, 'free' | 'total'>): boolean => free < total / 20;
