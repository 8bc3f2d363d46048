import { Session } from 'node:inspector';

/** Collects the garbage of this thread, some hundred milliseconds after a large load: a thread at rest allocates nothing, so the engine has no reason to. */
export function collectGarbage(): void {
  const session = new Session();
  session.connect();
  // Within its own answer the session would never end.
  session.post('HeapProfiler.collectGarbage', () => setImmediate(() => session.disconnect()));
}
