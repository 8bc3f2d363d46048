// Compares two texts beside the page, which stays usable however much differs.
import { lineChanges, splitLines } from '../lib/line-changes.ts';

const MOST_MILLISECONDS = 3000;

addEventListener('message', ({ data: [old, now] }: MessageEvent<readonly [string, string]>) => {
  postMessage(lineChanges(splitLines(old), splitLines(now), MOST_MILLISECONDS));
});
