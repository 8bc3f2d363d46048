import type { LineChanges } from './line-changes.ts';

/** Compares two texts in a worker, for at most three seconds. @throws Error when the worker does not come, or the comparison is no longer wanted. */
export function compareTexts(old: string, now: string, signal: AbortSignal): Promise<LineChanges> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../workers/diff.ts', import.meta.url), { type: 'module' });
    signal.addEventListener('abort', () => {
      worker.terminate();
      reject(signal.reason);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new Error('the part that compares did not load'));
    });
    worker.addEventListener('message', ({ data }: MessageEvent<LineChanges>) => {
      worker.terminate();
      resolve(data);
    });
    worker.postMessage([old, now]);
  });
}
