import type { TestCollector } from './collector-app.ts';
import { HOSTILE } from './hostile.ts';

/** What the page shows in tests: runs with metrics, metadata, tags and alerts. */
export interface PageData {
  /** Ids by name. */
  readonly runs: ReadonlyMap<string, string>;
  /** Id of the alert that fires in the first run. */
  readonly alert: string;
}

const STEPS = 40;
const SOLVERS = ['GAMG', 'PCG', 'PBiCG'] as const;

/** Fills a collector with `count` runs in two folders, and one whose every text is hostile. */
export async function fillPages(collector: TestCollector, count: number): Promise<PageData> {
  const post = async (path: string, body: unknown) => (await collector.ask('POST', path, body)).json;
  const alert = await post('/alerts', {
    name: 'diverges',
    source: 'user',
    description: 'The residual grows.',
    abort: true,
  });
  const rule = { rule: 'is above', metric: 'residuals.p', threshold: 0.01, window: 2, frequency: 1 };
  const metric = await post('/alerts', { name: 'residual', source: 'metrics', alert: rule });
  const runs = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const name = `pitz-${String(index).padStart(2, '0')}`;
    const { id } = await post('/runs', {
      name,
      folder: index % 3 === 0 ? '/cfd/cavity' : '/cfd/pitzDaily',
      status: 'running',
      description: `Case ${index} of the sweep.`,
      tags: index % 2 === 0 ? ['LES', 'sweep-B'] : ['RANS'],
      metadata: { Re: 10_000 + 2_000 * index, solver: SOLVERS[index % 3], mesh: { cells: 12_225 } },
      alerts: index < 3 ? [alert.id, metric.id] : [],
    });
    runs.set(name, id);
    await logPoints(collector, id, index);
    if (index > 3) await collector.ask('PUT', `/runs/${id}`, { status: index % 5 === 4 ? 'failed' : 'completed' });
  }
  const first = runs.get('pitz-00') ?? '';
  await collector.ask('PUT', `/alerts/${alert.id}/status/${first}`, { status: 'critical' });
  const hostile = { name: HOSTILE, description: HOSTILE, tags: [HOSTILE], metadata: { [HOSTILE]: HOSTILE } };
  const { id } = await post('/runs', { ...hostile, folder: `/${HOSTILE.replaceAll('/', '|')}`, status: 'running' });
  runs.set(HOSTILE, id);
  await collector.post('/events', { run: id, events: [{ message: HOSTILE, timestamp: now() }] });
  return { runs, alert: alert.id };
}

const now = (seconds = 0): string => new Date(Date.now() + 1000 * seconds).toISOString().replace('Z', '000');

async function logPoints(collector: TestCollector, run: string, index: number): Promise<void> {
  const metrics = Array.from({ length: STEPS }, (_, step) => ({
    timestamp: now(step - STEPS),
    time: step,
    step,
    values: {
      'residuals.p': 10 ** (-step / 20 - 1) * (1 + index / 10),
      'residuals.U.x': 10 ** (-step / 15) * (1 + index / 20),
      loss: 1 / (step + 1) + index / 100,
    },
  }));
  await collector.post('/metrics', { run, metrics });
  await collector.post('/events', { run, events: [{ message: `step ${STEPS} done`, timestamp: now() }] });
}
