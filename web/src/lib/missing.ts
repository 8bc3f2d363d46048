import type { SeriesList } from '../../../collector/api/contract/telemetry.ts';

/** What the writers of a run say did not come, in words; undefined = nothing is known to be missing. */
export function missingText(writers: SeriesList['writers']): string | undefined {
  const missing = writers.reduce((sum, writer) => sum + writer.missing, 0);
  const dropped = writers.reduce((sum, writer) => sum + writer.dropped_attributes, 0);
  const parts = [
    missing > 0 && `${count(missing, 'numbered value')} did not arrive`,
    dropped > 0 && `${count(dropped, 'attribute')} dropped by the SDK`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
