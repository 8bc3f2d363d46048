import { expect, it } from 'vitest';
import { parseRoute, runHref } from '../../../web/src/lib/route.ts';
import { windowOf, windowState } from '../../../web/src/lib/run-window.ts';

it('a part of the life of a run is a range on an axis of time, and an address keeps it', () => {
  expect(windowOf({ axis: 'timestamp', range: [110, 120] }, 100)).toEqual([110, 120]);
  expect(windowOf({ axis: 'time', range: [10, 20] }, 100)).toEqual([110, 120]);
  expect(windowOf({ axis: 'time', range: [10, 20] }, null)).toBeUndefined();
  expect(windowOf({ axis: 'step', range: [10, 20] }, 100)).toBeUndefined();
  expect(windowOf({ axis: 'timestamp', range: undefined }, 100)).toBeUndefined();
  const href = runHref({ id: 'a', tab: 'events', ...windowState([110, 120]) });
  const route = parseRoute('/runs/a', href.slice(href.indexOf('?')));
  expect(route.page === 'run' && windowOf(route.state, 100)).toEqual([110, 120]);
  expect(windowState(undefined)).toEqual({ range: undefined });
});
