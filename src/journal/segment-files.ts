import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LogName } from '../frame-log.ts';
import { unlessMissing } from '../missing-file.ts';

/** A segment that is this full is the last one no longer. */
export const SEGMENT_BYTES = 8 * 1024 * 1024;

/** Name of the file that says that a journal's writer has ended. */
export const ENDED = 'ended';

const NAME = /^(metrics|logs|grids)-(\d{8,})\.svj$/;

/** Path of the segment with this number, counted from 0. */
export function segmentPath(directory: string, signal: LogName, segment: number): string {
  return join(directory, `${signal}-${String(segment).padStart(8, '0')}.svj`);
}

/** Path of the note of how far the segments of a signal are sent. */
export function progressPath(directory: string, signal: LogName): string {
  return join(directory, `${signal}.sent`);
}

/** Numbers of the segments that are there, ascending. */
export function listSegments(directory: string, signal: LogName): number[] {
  return (unlessMissing(() => readdirSync(directory)) ?? [])
    .map((name) => NAME.exec(name))
    .filter((match) => match?.[1] === signal)
    .map((match) => Number(match?.[2]))
    .sort((a, b) => a - b);
}

/** Paths of the artifacts that are there as a whole, without their endings `.json` and `.content`. */
export function listArtifacts(directory: string): string[] {
  return (unlessMissing(() => readdirSync(directory)) ?? [])
    .filter((name) => /^artifact-\d+\.json$/.test(name))
    .map((name) => join(directory, name.replace(/\.json$/, '')));
}
