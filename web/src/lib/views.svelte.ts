import type { ViewList } from '../../../collector/api/contract/page.ts';
import { errorText, request } from './request.ts';

export type View = ViewList['data'][number];

/** Lists of runs that the reader has named; the collector keeps them, so that they are there in every browser. Reactive. */
class Views {
  list = $state.raw<readonly View[]>([]);
  problem = $state.raw<string>();

  async read(): Promise<void> {
    try {
      this.list = (await request<ViewList>('/api/views')).data;
      this.problem = undefined;
    } catch (error) {
      this.problem = errorText(error);
    }
  }

  async save(name: string, query: string): Promise<void> {
    await request('/api/views', { method: 'POST', body: { name, query } });
    await this.read();
  }

  async remove(id: string): Promise<void> {
    await request(`/api/views/${encodeURIComponent(id)}`, { method: 'DELETE' });
    await this.read();
  }
}

export const views = new Views();
