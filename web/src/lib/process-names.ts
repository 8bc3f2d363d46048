import type { InstanceView } from '../../../collector/api/contract/run.ts';
import { formatClock, parseTimestamp } from './time.ts';

/** What to call the writers of a run: host and number of the process, and since when; a new attempt is a writer of its own. */
export function processNames(instances: readonly string[], known: readonly InstanceView[]): Map<string, string> {
  const views = new Map(known.map((view) => [view.instance, view]));
  return new Map(
    instances.map((instance) => {
      if (instance === '') return [instance, 'by REST'];
      const view = views.get(instance);
      if (!view) return [instance, instance.slice(0, 8)];
      const pid = view.system['process.pid'];
      const host = view.system['host.name'];
      const where = [host, pid === undefined ? undefined : `pid ${pid}`]
        .filter((part) => part !== undefined)
        .join(', ');
      const since = `from ${formatClock(parseTimestamp(view.first_sign))}`;
      return [instance, `${where || instance.slice(0, 8)}, ${since}${view.role === 'owner' ? ', owner' : ''}`];
    }),
  );
}
