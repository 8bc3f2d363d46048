import { saveArtifact } from './artifact-client.ts';
import type { TestCollector } from './collector-app.ts';
import { fillPages } from './page-data.ts';
import type { ShownRuns } from './shown-page.ts';
import { sendTrace } from './trace.ts';

const PEOPLE = [
  { username: 'ann', fullname: 'Ann Author', email: 'ann@example.org', is_admin: true },
  { username: 'bob', fullname: 'Bob Builder', email: 'bob@example.org', is_readonly: true },
  { username: 'cleo', is_enabled: false },
];
const STORAGE = { endpoint_url: 'https://s3.example.org', access_key_id: 'a', secret_access_key: 'b', bucket: 'runs' };
const DESCRIPTION = `# Backward-facing step
A case of the sweep over **Re**, started from \`0/U\`.

- mesh: 12 225 cells
- solver: GAMG

| quantity | value |
|---|---|
| inlet | 10 m/s |
`;

/** Fills a collector with something for each page of the list. */
export async function fillEveryPage(collector: TestCollector): Promise<ShownRuns> {
  const { runs } = await fillPages(collector, 6);
  const [first = '', going = '', second = ''] = ['pitz-00', 'pitz-01', 'pitz-04'].map((name) => runs.get(name));
  const shown = { first, second, going };
  await fillRun(collector, shown.first);
  await saveArtifact(collector, Buffer.from('a = 2\n'), { name: 'a.py' }, { id: shown.second, category: 'code' });
  for (const user of PEOPLE) await collector.ask('POST', '/users', { user });
  await collector.ask('POST', '/tenants', { name: 'turbulence', max_runs: 5000, max_data_volume: 200 });
  await collector.ask('POST', '/storage', { name: 'bucket', backend: 'S3', config: STORAGE });
  await collector.ask('POST', '/views', { name: 'RANS by name', query: 'filter=has+tag.RANS&sort=name' });
  const { data } = (await collector.ask('GET', '/folders')).json;
  const folder = data.find(({ path }: { path: string }) => path === '/cfd/cavity').id;
  const cards = [
    { title: 'Loss', metrics: ['loss'], xaxis: 'step', yscale: 'linear' },
    { title: 'Residuals', metrics: ['residuals.p', 'residuals.U.x'], xaxis: 'step', yscale: 'log' },
  ];
  await collector.ask('POST', `/folders/${folder}/dashboards`, { name: 'Convergence', cards });
  // What runs sent is counted within seconds, and when the collector closes.
  await collector.reopen();
  return shown;
}

async function fillRun(collector: TestCollector, id: string): Promise<void> {
  await saveArtifact(collector, Buffer.from('a = 1\n'), { name: 'a.py' }, { id, category: 'code' });
  await collector.ask('PUT', `/runs/${id}`, { description: DESCRIPTION, metadata: { Re: 12_000 } });
  await collector.ask('PUT', `/runs/${id}`, { metadata: { Re: 14_000 } });
  await sendTrace(collector, id, 4);
  const timestamp = (second: number) => new Date(Date.now() - 40_000 + second * 1000).toISOString().replace('Z', '000');
  const resources = Array.from({ length: 40 }, (_, second) => ({
    timestamp: timestamp(second),
    time: second,
    step: second,
    values: { 'resources/cpu.usage.percent': 100 + (second % 7), 'resources/memory.usage': 300 + second },
  }));
  await collector.post('/metrics', { run: id, metrics: resources });
  const ticks = (count: number) => Array.from({ length: count }, (_, index) => index / 10);
  const grid = { name: 'plate', grid: [ticks(30), ticks(20)], labels: ['x', 'y'] };
  const made = (await collector.ask('POST', '/grids', grid)).json;
  await collector.ask('PUT', `/runs/${id}/grids/${made.id}`, { metric: 'plate/T' });
  const array = ticks(20).map((y) => ticks(30).map((x) => Math.sin(3 * x) * y));
  const field = { metric: 'plate/T', grid: 'plate/T', array, step: 0, time: 0, timestamp: timestamp(0) };
  await collector.post(`/runs/${id}/metrics`, [field]);
}
