import type { RunAlertView } from '../../../collector/api/contract/alert.ts';

/** What an alert is at present: `nodata` = it has not been evaluated, or there was nothing to evaluate. */
export type AlertState = 'ok' | 'firing' | 'nodata';

export const alertState = ({ status }: Pick<RunAlertView, 'status'>): AlertState =>
  status === 'critical' ? 'firing' : status === 'ok' ? 'ok' : 'nodata';

export const STATE_WORDS: Record<AlertState, string> = { ok: 'OK', firing: 'Firing', nodata: 'No data' };

/** Firing first, then what has no data, then by name. */
export function sortAlerts(alerts: readonly RunAlertView[]): RunAlertView[] {
  const rank = { firing: 0, nodata: 1, ok: 2 };
  return [...alerts].sort(
    (a, b) => rank[alertState(a)] - rank[alertState(b)] || a.alert.name.localeCompare(b.alert.name),
  );
}
