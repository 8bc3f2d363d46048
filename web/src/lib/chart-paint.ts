import type { AttemptMark } from './attempts.ts';
import { formatPlace } from './axis.ts';
import type { ChartData, LineEnd } from './chart-model.ts';
import { spreadLabels } from './gutter.ts';
import { formatCount, formatGutter, formatNumber, plural } from './numbers.ts';
import type { MarkKind } from './plot-line.ts';
import { formatDuration } from './time.ts';
import { token, translucent } from './tokens.ts';
import { metricOnAxis, type XAxis } from './x-axis.ts';

/** A canvas and where the plot lies on it, in canvas pixels. */
export interface Frame {
  readonly context: CanvasRenderingContext2D;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Canvas pixels in a CSS pixel. */
  readonly ratio: number;
  xAt(value: number): number;
  yAt(value: number): number;
}
export const MAX_GUTTER_LINES = 6;
const runColour = (colour: number) => token(`--run-${colour}`);
const font = (ratio: number) => `${11 * ratio}px ${token('--font-sans')}`;

function gapLabel(axis: XAxis, length: number): string {
  if (metricOnAxis(axis) !== undefined) return `no data, ${formatNumber(length)}`;
  return axis === 'step' ? `no data, ${plural(length, 'step')}` : `no data ${formatDuration(length)}`;
}

/** Hatches the parts of the axis without data; drawn under the lines. */
export function paintGaps(
  { context: c, left, top, width, height, ratio, xAt }: Frame,
  gaps: ChartData['gaps'],
  axis: XAxis,
): void {
  for (const [from, to] of gaps) {
    const x0 = Math.max(left, xAt(from));
    const x1 = Math.min(left + width, xAt(to));
    if (x1 - x0 < ratio) continue;
    c.save();
    c.beginPath();
    c.rect(x0, top, x1 - x0, height);
    c.clip();
    c.fillStyle = token('--plot-gap');
    c.fillRect(x0, top, x1 - x0, height);
    c.strokeStyle = token('--plot-axis');
    c.globalAlpha = 0.35;
    c.lineWidth = ratio;
    c.beginPath();
    for (let x = x0 - height; x < x1; x += 7 * ratio) {
      c.moveTo(x, top + height);
      c.lineTo(x + height, top);
    }
    c.stroke();
    c.globalAlpha = 1;
    c.font = font(ratio);
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    const label = gapLabel(axis, to - from);
    if (c.measureText(label).width + 12 * ratio < x1 - x0) {
      const y = top + height - 10 * ratio;
      c.lineJoin = 'round';
      c.lineWidth = 4 * ratio;
      c.strokeStyle = token('--plot-gap');
      c.strokeText(label, (x0 + x1) / 2, y);
      c.fillStyle = token('--ink-3');
      c.fillText(label, (x0 + x1) / 2, y);
    }
    c.restore();
  }
}

/** A dashed line where an attempt begins, with its name where there is room. */
export function paintAttempts(
  { context: c, left, top, width, height, ratio, xAt }: Frame,
  attempts: readonly AttemptMark[],
): void {
  c.save();
  c.font = font(ratio);
  c.textAlign = 'left';
  c.textBaseline = 'top';
  c.strokeStyle = token('--ink-3');
  c.fillStyle = token('--ink-3');
  c.lineWidth = ratio;
  for (const { x, label } of attempts) {
    const at = xAt(x);
    if (at < left || at > left + width) continue;
    c.setLineDash([3 * ratio, 3 * ratio]);
    c.beginPath();
    c.moveTo(at, top);
    c.lineTo(at, top + height);
    c.stroke();
    if (at + c.measureText(label).width + 4 * ratio < left + width) c.fillText(label, at + 4 * ratio, top + 2 * ratio);
  }
  c.restore();
}

function paintMark(c: CanvasRenderingContext2D, kind: MarkKind, x: number, y: number, size: number): void {
  c.beginPath();
  if (kind === '+Inf' || kind === '−Inf') {
    const up = kind === '+Inf' ? -1 : 1;
    c.moveTo(x, y + up * size);
    c.lineTo(x + size, y - up * size);
    c.lineTo(x - size, y - up * size);
    c.fill();
    return;
  }
  c.moveTo(x - size, y - size);
  c.lineTo(x + size, y + size);
  c.moveTo(x + size, y - size);
  c.lineTo(x - size, y + size);
  c.stroke();
}

const place = (x: number, axis: XAxis) => `${axis === 'step' ? 'step ' : ''}${formatPlace(axis, x)}`;

function laneLabel(marks: ChartData['marks'], axis: XAxis): string {
  const [first] = marks;
  if (!first) return '';
  const same = marks.every(({ kind, label }) => kind === first.kind && label === first.label);
  const count = marks.reduce((sum, mark) => sum + mark.count, 0);
  const what = same ? `${first.label}: ${formatCount(count)} ${first.kind}` : `${formatCount(count)} not finite`;
  // A bucket says that it has some, not which and where.
  const where = marks.length > 1 ? 'from' : first.kind === 'not finite' ? 'near' : 'at';
  return `${what} ${where} ${place(first.x, axis)}`;
}

/** The lane above the plot, with a mark for each value that is not a number on the axis. */
export function paintMarks(frame: Frame, marks: ChartData['marks'], axis: XAxis): void {
  const { context: c, left, top, width, ratio, xAt } = frame;
  const visible = marks.filter(({ x }) => xAt(x) >= left - 1 && xAt(x) <= left + width + 1);
  const y = top - 9 * ratio;
  c.lineWidth = ratio;
  c.strokeStyle = token('--line');
  c.beginPath();
  c.moveTo(left, top - ratio);
  c.lineTo(left + width, top - ratio);
  c.stroke();
  c.lineWidth = 1.75 * ratio;
  for (const { x, kind, slot } of visible) {
    c.strokeStyle = runColour(slot.colour);
    c.fillStyle = c.strokeStyle;
    paintMark(c, kind, xAt(x), y, 3.5 * ratio);
  }
  const ends = visible.map(({ x }) => xAt(x));
  const text = laneLabel(visible, axis);
  c.font = font(ratio);
  c.textBaseline = 'middle';
  c.fillStyle = token('--ink-2');
  const size = c.measureText(text).width + 8 * ratio;
  const after = Math.max(...ends) + 8 * ratio;
  const before = Math.min(...ends) - 8 * ratio;
  if (after + size < left + width + 40 * ratio) {
    c.textAlign = 'left';
    c.fillText(text, after, y);
  } else if (before - size > left) {
    c.textAlign = 'right';
    c.fillText(text, before, y);
  }
}

/** Ends of the lines: a dot, a ring while the run lives, and the last value in the gutter. */
export function paintEnds(
  frame: Frame,
  ends: readonly LineEnd[],
  { log, live }: { log: boolean; live: boolean },
): void {
  const { context: c, left, top, width, height, ratio, xAt, yAt } = frame;
  const clamp = (y: number) => Math.min(top + height, Math.max(top, y));
  const places = ends.map((end) => clamp(yAt(end.value)));
  const labels = spreadLabels(places, 14 * ratio, top + 4 * ratio, top + height - 2 * ratio);
  c.font = font(ratio);
  c.textAlign = 'left';
  c.textBaseline = 'middle';
  ends.forEach((end, index) => {
    const x = xAt(end.x);
    const y = places[index] ?? top;
    const gutter = left + width + 5 * ratio;
    const colour = runColour(end.slot.colour);
    const stroke = (style: string, lineWidth: number, draw: () => void) => {
      c.strokeStyle = style;
      c.lineWidth = lineWidth * ratio;
      c.beginPath();
      draw();
      c.stroke();
    };
    c.fillStyle = colour;
    c.beginPath();
    c.arc(x, y, 2.5 * ratio, 0, 7);
    c.fill();
    if (live) stroke(translucent(`--run-${end.slot.colour}`, 0.35), 3, () => c.arc(x, y, 4.5 * ratio, 0, 7));
    if (ends.length > MAX_GUTTER_LINES) return;
    const labelY = labels[index] ?? y;
    stroke(colour, 2, () => {
      c.moveTo(gutter, labelY);
      c.lineTo(gutter + 7 * ratio, labelY);
    });
    if (gutter - x < 64 * ratio) {
      stroke(translucent(`--run-${end.slot.colour}`, 0.55), 1, () => {
        c.moveTo(x + (live ? 7 : 4) * ratio, y);
        c.lineTo(gutter, labelY);
      });
    }
    c.fillStyle = token('--ink');
    c.fillText(formatGutter(end.value, log), gutter + 10 * ratio, labelY);
  });
}
