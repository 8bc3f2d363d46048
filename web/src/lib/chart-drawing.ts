import type { AttemptMark } from './attempts.ts';
import type { AxesTicks } from './axes-ticks.ts';
import type { ChartData, ColumnKind } from './chart-model.ts';
import type { Slot } from './run-key.ts';
import type { PlacedThreshold } from './thresholds.ts';
import { metricOnAxis, type XAxis } from './x-axis.ts';
import { shownZone } from './zone.ts';

type Point = readonly [x: number, y: number] | null | undefined;

/** What a chart shows, in pixels of the page: enough to draw it again elsewhere. */
export interface Drawing {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly axis: XAxis;
  readonly ticks: AxesTicks;
  xAt(value: number): number;
  yAt(value: number): number;
  readonly columns: readonly {
    readonly kind: ColumnKind;
    readonly slot: Slot;
    readonly label: string;
    /** Null breaks the line, undefined is passed over. */
    readonly points: readonly Point[];
  }[];
  readonly marks: ChartData['marks'];
  readonly gaps: ChartData['gaps'];
  readonly attempts: readonly AttemptMark[];
  readonly thresholds: readonly PlacedThreshold[];
}

const DASHES = ['', '6 3', '2 3'];
const MARGIN = 12;
const HEAD = 40;
/** Of the legend: a piece of the line with its gap, a letter, a row. */
const [KEY, LETTER, ROW] = [20, 6.2, 16];
const TITLE_LETTER = 7.9;

function nameOf(axis: XAxis): string {
  if (axis === 'time') return 'time since the start';
  return axis === 'timestamp' ? `time, ${shownZone().word}` : (metricOnAxis(axis) ?? 'step');
}

const escaped = (text: string) =>
  text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const round = (value: number) => Number(value.toFixed(2));

function pathOf(points: readonly Point[]): string {
  let path = '';
  let isOpen = false;
  for (const point of points) {
    if (point === undefined) continue;
    if (point !== null) path += `${isOpen ? 'L' : 'M'}${round(point[0])} ${round(point[1])}`;
    isOpen = point !== null;
  }
  return path;
}

function bandOf(high: readonly Point[], low: readonly Point[]): string {
  const areas: string[] = [];
  let from = 0;
  const close = (to: number) => {
    const top = high.slice(from, to).filter((point) => point != null);
    const bottom = low.slice(from, to).filter((point) => point != null);
    if (top.length > 0)
      areas.push(
        `${pathOf([...top, ...bottom.reverse()])
          .replaceAll('M', 'L')
          .replace('L', 'M')}Z`,
      );
    from = to + 1;
  };
  high.forEach((point, index) => {
    if (point === null) close(index);
  });
  close(high.length);
  return areas.join('');
}

/**
 * A drawing as an SVG document with title and legend; nothing in it but shapes and text.
 *
 * @param colour - value of a design token.
 */
export function toSvg(drawing: Drawing, title: string, colour: (token: string) => string): string {
  const { left, top, width, height, columns, marks, gaps } = drawing;
  const ink = `fill="${colour('--ink-2')}"`;
  const line = (kind: string, path: string, more = '') => `<path d="${path}" fill="none" stroke="${kind}" ${more}/>`;
  const parts: string[] = [];
  for (const [from, to] of gaps) {
    const [x0, x1] = [Math.max(0, drawing.xAt(from)), Math.min(width, drawing.xAt(to))];
    if (x1 > x0)
      parts.push(
        `<rect x="${round(x0)}" width="${round(x1 - x0)}" height="${height}" fill="${colour('--plot-gap')}"/>`,
      );
  }
  for (const { at, label } of drawing.ticks.x) {
    const x = round(drawing.xAt(at));
    parts.push(line(colour('--plot-grid'), `M${x} 0V${height}`));
    parts.push(`<text x="${x}" y="${height + 16}" text-anchor="middle" ${ink}>${escaped(label)}</text>`);
  }
  for (const { at, label } of drawing.ticks.y) {
    const y = round(drawing.yAt(at));
    parts.push(line(colour('--plot-grid'), `M0 ${y}H${width}`));
    parts.push(`<text x="-6" y="${y + 4}" text-anchor="end" ${ink}>${escaped(label)}</text>`);
  }
  parts.push(line(colour('--plot-axis'), `M0 0V${height}H${width}`));
  for (const { x, label } of drawing.attempts) {
    const at = round(drawing.xAt(x));
    if (at < 0 || at > width) continue;
    parts.push(line(colour('--ink-3'), `M${at} 0V${height}`, 'stroke-dasharray="3 3"'));
    parts.push(`<text x="${at + 4}" y="11" ${ink}>${escaped(label)}</text>`);
  }
  for (const { label, lineWidth, zone, lines, labelY } of drawing.thresholds) {
    const red = colour('--al-firing');
    const [y, size] = [round(zone[0]), round(zone[1] - zone[0])];
    parts.push(`<rect y="${y}" width="${width}" height="${size}" fill="${red}" fill-opacity="0.06"/>`);
    for (const limit of lines)
      parts.push(line(red, `M0 ${round(limit)}H${width}`, `stroke-width="${lineWidth}" stroke-dasharray="5 3"`));
    parts.push(`<text x="6" y="${round(labelY + 4)}" fill="${red}">${escaped(label)}</text>`);
  }
  const shapes = columns.map(({ kind, slot, points }, index) => {
    const stroke = colour(`--run-${slot.colour}`);
    const dash = DASHES[slot.round] ? ` stroke-dasharray="${DASHES[slot.round]}"` : '';
    if (kind === 'high')
      return `<path d="${bandOf(points, columns[index + 1]?.points ?? [])}" fill="${stroke}" fill-opacity="0.16"/>`;
    if (kind === 'low') return '';
    if (kind === 'dots')
      return points
        .map((point) =>
          point ? `<circle cx="${round(point[0])}" cy="${round(point[1])}" r="2.5" fill="${stroke}"/>` : '',
        )
        .join('');
    return line(
      stroke,
      pathOf(points),
      `stroke-width="1.5" stroke-linejoin="round"${kind === 'raw' ? ' stroke-opacity="0.3"' : ''}${dash}`,
    );
  });
  const notFinite = marks.map(
    ({ x, kind, slot }) =>
      `<text x="${round(drawing.xAt(x))}" y="-4" text-anchor="middle" fill="${colour(`--run-${slot.colour}`)}">${kind === '+Inf' ? '▲' : kind === '−Inf' ? '▼' : '×'}</text>`,
  );
  const named = columns.filter(({ kind }) => kind === 'line' || kind === 'dots');
  const full = left + width + MARGIN * 2 + 24;
  const legend: string[] = [];
  let [at, row] = [0, 0];
  for (const { slot, label } of named) {
    const size = KEY + label.length * LETTER + 14;
    if (at > 0 && at + size > full - 2 * MARGIN) [at, row] = [0, row + 1];
    const [x, y] = [round(at), row * ROW];
    const dash = DASHES[slot.round] ? `stroke-dasharray="${DASHES[slot.round]}"` : '';
    legend.push(line(colour(`--run-${slot.colour}`), `M${x} ${y - 4}h16`, `stroke-width="2" ${dash}`));
    legend.push(`<text x="${round(x + KEY)}" y="${y}" ${ink}>${escaped(label)}</text>`);
    at += size;
  }
  const head = HEAD + row * ROW;
  const high = top + height + head + 44;
  const most = Math.floor((full - 2 * MARGIN) / TITLE_LETTER);
  const shown = title.length > most ? `…${title.slice(1 - most)}` : title;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${full}" height="${high}" viewBox="0 0 ${full} ${high}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="${colour('--panel')}"/>
<text x="${MARGIN}" y="20" font-size="13" font-weight="600" font-family="monospace" fill="${colour('--ink')}">${escaped(shown)}</text>
<g transform="translate(${MARGIN} 36)">${legend.join('')}</g>
<clipPath id="plot"><rect width="${width}" height="${height}"/></clipPath>
<g transform="translate(${left + MARGIN} ${top + head})">${parts.join('\n')}
<text x="${width}" y="${height + 34}" text-anchor="end" ${ink}>${escaped(nameOf(drawing.axis))}</text>
<g clip-path="url(#plot)">${shapes.join('\n')}</g>${notFinite.join('')}</g>
</svg>
`;
}
