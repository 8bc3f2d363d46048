const PAUSE_MILLISECONDS = 30_000;

/**
 * Loads the page anew when the collector answers: what an update took away is then asked for by its new name.
 *
 * @returns false when the collector does not answer, or that was done a moment ago and did not help.
 */
export async function reloadOnce(): Promise<boolean> {
  const [came] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (came?.type === 'reload' && performance.now() < PAUSE_MILLISECONDS) return false;
  const answer = await fetch('/', { cache: 'no-store' }).catch(() => undefined);
  if (!answer?.ok) return false;
  location.reload();
  return true;
}
