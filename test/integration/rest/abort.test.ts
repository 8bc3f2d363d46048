import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCollector } from '../../support/collector-app.ts';

let collector: TestCollector;
beforeAll(async () => {
  collector = await TestCollector.start();
});
afterAll(() => collector[Symbol.asyncDispose]());

describe('a request to stop', () => {
  it('is told until the run is taken up again, and stays in its history', async () => {
    const { id } = (await collector.ask('POST', '/runs', { name: 'wing', folder: '/', status: 'running' })).json;
    const asked = async () => (await collector.ask('GET', `/runs/${id}/abort`)).json;
    const setStatus = (status: string) => collector.ask('PUT', `/runs/${id}`, { status });
    await collector.ask('PUT', `/runs/${id}/abort`, { reason: 'diverges' });
    await collector.ask('PUT', `/runs/${id}/abort`, { reason: 'a second time' });
    const request = { status: true, reason: 'diverges', user: 'local' };
    expect(await asked()).toEqual(request);
    await setStatus('terminated');
    expect(await asked()).toEqual(request);
    await setStatus('running');
    expect(await asked()).toEqual({ status: false, reason: null, user: null });
    await collector.ask('PUT', `/runs/${id}/abort`, { reason: 'diverges again' });
    expect(await asked()).toMatchObject({ reason: 'diverges again' });
    const { data } = (await collector.ask('GET', `/runs/${id}/activity?field=abort`)).json;
    expect(data).toMatchObject([
      { key: '', before: null, after: '"diverges again"', author: 'local', instance: '' },
      { after: '"diverges"' },
    ]);
  });
});
