import type { TenantView, UserView } from '../../../collector/api/contract/account.ts';
import type { AlertList, AlertTestView, ChannelsView } from '../../../collector/api/contract/alert.ts';
import type { FolderList, TagList } from '../../../collector/api/contract/run.ts';
import type { TokenList } from '../../../collector/api/contract/token.ts';
import { request } from './request.ts';

/** A list, or its beginning. */
export interface List<T> {
  /** Of the whole list. */
  readonly count: number;
  readonly data: readonly T[];
}

const MOST = '1000';
const list =
  <L>(path: string, column?: string) =>
  (signal: AbortSignal): Promise<L> => {
    const sorting: Record<string, string> =
      column === undefined ? {} : { sorting: JSON.stringify([{ id: column, desc: false }]) };
    return request(path, { signal, query: new URLSearchParams({ start: '0', count: MOST, ...sorting }) });
  };

export const fetchFolders = list<FolderList>('/api/folders', 'path');
export const fetchTags = list<TagList>('/api/tags', 'name');
export const fetchAlertRules = list<AlertList>('/api/alerts');
export const fetchTokens = list<TokenList>('/api/tokens');
export const fetchUsers = list<List<UserView>>('/api/users');
export const fetchTenants = list<List<TenantView>>('/api/tenants');

type Changeable = 'folders' | 'tags' | 'alerts' | 'users' | 'tenants' | 'storage';

/** Creates, changes or deletes an object of the API. */
export const createObject = (kind: Changeable, body: unknown): Promise<{ id: string }> =>
  request(`/api/${kind}`, { method: 'POST', body });
export const changeObject = (kind: Changeable, id: string, body: unknown): Promise<unknown> =>
  request(`/api/${kind}/${encodeURIComponent(id)}`, { method: 'PUT', body });
export const deleteObject = (
  kind: Changeable | 'tokens',
  id: string,
  query = new URLSearchParams(),
): Promise<unknown> => request(`/api/${kind}/${encodeURIComponent(id)}`, { method: 'DELETE', query });

/** Where messages about alerts can go, and the unit of windows. */
export const fetchChannels = (): Promise<ChannelsView> => request('/api/alerts/channels');
/** When a rule would have fired in a run. */
export const testAlert = (
  run: string,
  tried: { readonly source: string; readonly alert: Record<string, unknown> | null; readonly delay: number },
): Promise<AlertTestView> => request('/api/alerts/test', { method: 'POST', body: { run, ...tried } });
