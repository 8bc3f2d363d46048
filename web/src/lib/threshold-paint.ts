import type { ChartData } from './chart-model.ts';
import type { Frame } from './chart-paint.ts';
import type { PlacedThreshold } from './thresholds.ts';
import { token, translucent } from './tokens.ts';

/** Height of a threshold's label, CSS pixels. */
export const THRESHOLD_ROW = 14;
const TINT = 0.06;
const SHARES = [0, 0.5, 1];
/** Points of a line that are looked at to keep a label off it. */
const LOOKS = 200;

/** Tints where alerts fire, with a dashed line at the limits and a label where the fewest data runs; drawn under the lines. */
export function paintThresholds(frame: Frame, thresholds: readonly PlacedThreshold[], lines: ChartData['lines']): void {
  const { context: c, left, width, ratio } = frame;
  if (thresholds.length === 0) return;
  c.save();
  c.font = `${11 * ratio}px ${token('--font-sans')}`;
  c.textAlign = 'left';
  c.textBaseline = 'middle';
  c.strokeStyle = token('--al-firing');
  c.setLineDash([5 * ratio, 3 * ratio]);
  const points = pointsOf(frame, lines);
  for (const { label, lineWidth, zone, lines: limits, labelY } of thresholds) {
    c.fillStyle = translucent('--al-firing', TINT);
    c.fillRect(left, zone[0], width, zone[1] - zone[0]);
    c.lineWidth = lineWidth * ratio;
    for (const y of limits) {
      c.beginPath();
      c.moveTo(left, y);
      c.lineTo(left + width, y);
      c.stroke();
    }
    const size = c.measureText(label).width;
    const air = 6 * ratio;
    const places = SHARES.map((share) => left + air + share * (width - size - 2 * air));
    const crossings = places.map(
      (x) =>
        points.filter(
          ([px, py]) => px >= x - air && px <= x + size + air && Math.abs(py - labelY) < (THRESHOLD_ROW / 2) * ratio,
        ).length,
    );
    c.fillStyle = token('--al-firing');
    c.fillText(label, places[crossings.indexOf(Math.min(...crossings))] ?? left, labelY);
  }
  c.restore();
}

function pointsOf({ xAt, yAt }: Frame, lines: ChartData['lines']): [x: number, y: number][] {
  return lines.flatMap(({ x, columns }) => {
    const values = columns.find(({ kind }) => kind === 'line' || kind === 'dots')?.values ?? [];
    const step = Math.max(1, Math.ceil(x.length / LOOKS));
    const count = Math.ceil(x.length / step);
    return Array.from({ length: count }, (_, index): [number, number] => [
      xAt(x[index * step] ?? 0),
      yAt(values[index * step] ?? Number.NaN),
    ]);
  });
}
