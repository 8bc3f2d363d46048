import type { ComparedRun } from '../../../collector/api/contract/comparison.ts';
import type { DashboardList } from '../../../collector/api/contract/page.ts';
import type { FolderList, FolderView } from '../../../collector/api/contract/run.ts';
import { fetchCompared, fetchMatching } from './api.ts';
import type { PlotConfig } from './plot-config.ts';
import { request } from './request.ts';
import { type Card, groupRuns, prefersLog } from './series.ts';

export type Dashboard = DashboardList['data'][number];
export type DashboardCard = Dashboard['cards'][number];

/** More lines in one plot are not told apart. */
const RUNS = 12;
const CARDS_AT_FIRST = 6;

/** A folder with its dashboards and its newest runs. */
export interface FolderBoards {
  /** Undefined when there is no such folder, or none for this reader. */
  readonly folder: FolderView | undefined;
  readonly boards: readonly Dashboard[];
  readonly runs: readonly ComparedRun[];
  /** Of all runs in the folder. */
  readonly count: number;
}

const path = (folderId: string, rest = '') => `/api/folders/${encodeURIComponent(folderId)}/dashboards${rest}`;

/** All that the dashboards of a folder show. */
export async function fetchBoards(folderPath: string, signal: AbortSignal): Promise<FolderBoards> {
  const query = new URLSearchParams({ filters: JSON.stringify([`path == ${folderPath}`]) });
  const { data } = await request<FolderList>('/api/folders', { query, signal });
  const folder = data.find((one) => one.path === folderPath);
  if (folder === undefined) return { folder, boards: [], runs: [], count: 0 };
  const [boards, list] = await Promise.all([
    request<DashboardList>(path(folder.id), { signal }),
    fetchMatching([`folder.path == ${folderPath}`], RUNS, signal),
  ]);
  const ids = list.data.map(({ id }) => id);
  return { folder, boards: boards.data, runs: await fetchCompared(ids, signal), count: list.count };
}

/** Keeps a dashboard; one of the same name is replaced. */
export const saveBoard = (folderId: string, board: Pick<Dashboard, 'name' | 'cards'>): Promise<{ id: string }> =>
  request(path(folderId), { method: 'POST', body: board });

/** Tells the cards of a dashboard apart: the same card is another object after each answer. */
export const cardKey = (card: DashboardCard): string => JSON.stringify(card);

/** Puts a plot in the place of another one, or in front; what others have changed meanwhile stays. @param next - undefined = it is removed. */
export async function putCard(
  folderId: string,
  boardId: string,
  former: DashboardCard | undefined,
  next: PlotConfig | undefined,
): Promise<void> {
  const { data } = await request<DashboardList>(path(folderId));
  const board = data.find(({ id }) => id === boardId);
  if (!board) throw new Error('somebody has deleted this dashboard. Make it anew');
  const at = former ? board.cards.findIndex((card) => cardKey(card) === cardKey(former)) : 0;
  if (at < 0 && !next) return;
  if (at < 0) throw new Error('somebody has changed or removed this plot. Open it again');
  const cards = board.cards.toSpliced(at, former ? 1 : 0, ...(next ? [boardCard(next)] : []));
  await saveBoard(folderId, { name: board.name, cards });
}

export const removeBoard = (folderId: string, id: string): Promise<unknown> =>
  request(path(folderId, `/${encodeURIComponent(id)}`), { method: 'DELETE' });

/** Cards of all metrics of some runs, a line for each run. */
export const cardsOf = (runs: readonly ComparedRun[]): Card[] =>
  groupRuns(runs.map(({ run, series }) => ({ ...run, series })));

/** A plot as a dashboard keeps it. */
export const boardCard = ({ of: _of, xaxis = 'step', yscale = 'linear', ...rest }: PlotConfig): DashboardCard => ({
  ...rest,
  ...{ metrics: [...rest.metrics], xaxis, yscale },
});

/** A first proposal: the metrics that most runs have. */
export function proposedCards(runs: readonly ComparedRun[]): DashboardCard[] {
  const cards = cardsOf(runs).filter(({ title }) => !title.startsWith('resources/'));
  const names = [...new Set(cards.map((card) => card.lines[0]?.series.metric ?? card.title))].slice(0, CARDS_AT_FIRST);
  return names.map((name) => {
    const log = cards.some((card) => card.title === name && prefersLog(card));
    return { title: '', metrics: [name], xaxis: 'step', yscale: log ? 'log' : 'linear' };
  });
}

/** Names of all metrics of some runs. */
export const metricNames = (runs: readonly ComparedRun[]): string[] =>
  [...new Set(runs.flatMap(({ series }) => series.map(({ metric }) => metric)))].sort();
