import type { Filter } from './filters.ts';

const KEY = 'simvue.filters';
const MOST = 10;

function remembered(): Filter[][] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.filter((entry): entry is Filter[] => Array.isArray(entry)).slice(0, MOST) : [];
  } catch {
    return []; // storage is blocked, or was written by something else
  }
}

/** The filters that were used in this browser, newest first; reactive. */
class FilterHistory {
  entries = $state.raw<readonly (readonly Filter[])[]>(remembered());

  add(filters: readonly Filter[]): void {
    const text = JSON.stringify(filters);
    this.entries = [filters, ...this.entries.filter((entry) => JSON.stringify(entry) !== text)].slice(0, MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.entries));
    } catch {
      return; // storage is blocked: the history holds until the page is closed
    }
  }
}

export const history = new FilterHistory();
