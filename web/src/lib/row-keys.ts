const ROWS = 'main tbody tr:not(.ax), main .rr, main .nr';
const WAYS = 'a, button, input';

/**
 * The keys of every page with a list: `/` goes to the field that finds a row, j and k to the next and the former row; arrows too, from a row.
 *
 * @returns whether it was one of them.
 */
export function takeRowKey(key: string): boolean {
  if (key === '/') {
    const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
    field?.focus();
    return field !== null;
  }
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[key];
  if (step === undefined) return false;
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (row === undefined || (at < 0 && key.startsWith('Arrow'))) return false;
  const way = row.matches(WAYS) ? row : row.querySelector<HTMLElement>(WAYS);
  // A row that leads nowhere is read all the same.
  if (way === null) row.tabIndex = -1;
  (way ?? row).focus();
  row.scrollIntoView({ block: 'nearest' });
  return true;
}
