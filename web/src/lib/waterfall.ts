import type { SpanView } from '../../../collector/api/contract/span.ts';
import { parseTimestamp } from './time.ts';

/** A span as a row of the waterfall. */
export interface SpanRow {
  readonly key: string;
  readonly span: SpanView;
  readonly depth: number;
  /** Spans below it, folded in or not. */
  readonly children: number;
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

export const spanKey = ({ trace_id, span_id, start }: SpanView): string => `${trace_id} ${span_id} ${start}`;

/**
 * Spans in the order of a waterfall: each below its parent, the earlier first. A span whose parent is not among them is a root.
 *
 * @param folded - keys of spans whose descendants are left out.
 */
export function layOut(spans: readonly SpanView[], folded: ReadonlySet<string>): SpanRow[] {
  const starts = new Map(spans.map((span) => [span, parseTimestamp(span.start)]));
  const ordered = [...spans].sort((a, b) => (starts.get(a) ?? 0) - (starts.get(b) ?? 0));
  const byId = new Map(ordered.map((span) => [`${span.trace_id} ${span.span_id}`, span]));
  const children = new Map<SpanView | undefined, SpanView[]>();
  for (const span of ordered) {
    const parent = span.parent_span_id === '' ? undefined : byId.get(`${span.trace_id} ${span.parent_span_id}`);
    const siblings = children.get(parent === span ? undefined : parent) ?? [];
    siblings.push(span);
    children.set(parent === span ? undefined : parent, siblings);
  }
  const rows: SpanRow[] = [];
  const seen = new Set<SpanView>();
  const visit = (roots: readonly SpanView[]) => {
    const stack = roots.map((span) => ({ span, depth: 0 })).reverse();
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { span, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      const below = children.get(span) ?? [];
      const from = starts.get(span) ?? 0;
      const key = spanKey(span);
      rows.push({ key, span, depth, children: below.length, from, to: from + span.duration });
      if (folded.has(key)) markAll(below);
      else stack.push(...below.map((child) => ({ span: child, depth: depth + 1 })).reverse());
    }
  };
  const markAll = (below: readonly SpanView[]) => {
    const stack = [...below];
    for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
      if (seen.has(span)) continue;
      seen.add(span);
      stack.push(...(children.get(span) ?? []));
    }
  };
  visit(children.get(undefined) ?? []);
  // Spans that are each other's ancestors hang on no root: the earliest of each ring becomes one.
  for (const span of ordered) if (!seen.has(span)) visit([span]);
  return rows;
}

/** From the first start to the last end, seconds since the epoch; at least a microsecond long. */
export function extentOf(rows: readonly SpanRow[]): readonly [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    from = Math.min(from, row.from);
    to = Math.max(to, row.to);
  }
  return rows.length === 0 ? [0, 1] : [from, Math.max(to, from + 1e-6)];
}

/** `420 ns`, `35 µs`, `1.25 ms`, `3.2 s`, `2 m 05 s`. */
export function formatSpan(seconds: number): string {
  if (seconds >= 60) return `${Math.floor(seconds / 60)} m ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
  const [factor, unit] =
    seconds >= 1 ? [1, 's'] : seconds >= 1e-3 ? [1e3, 'ms'] : seconds >= 1e-6 ? [1e6, 'µs'] : [1e9, 'ns'];
  return `${Number((seconds * Number(factor)).toPrecision(3))} ${unit}`;
}

/** Positions and labels of a ruler that counts from the first start. */
export function spanTicks(
  [from, to]: readonly [number, number],
  origin: number,
  width: number,
): { at: number; label: string }[] {
  const most = Math.max(2, Math.floor(width / 110));
  const raw = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const every = ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil((from - origin) / every - 1e-9);
  const count = Math.floor((to - origin) / every + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, Math.min(count, 60)) }, (_, index) => {
    const after = (first + index) * every;
    return { at: origin + after, label: after === 0 ? '0' : formatSpan(after) };
  });
}
