import type { ChartData } from './chart-model.ts';
import type { PaintedLine } from './line-painter.ts';
import { token, translucent } from './tokens.ts';

const DASHES = [[], [6, 3], [2, 3]];

/** The lines of a chart in the colours of the theme that is shown. */
export function colouredLines(data: ChartData | undefined): PaintedLine[] {
  const bandOpacity = Number(token('--plot-band'));
  return (data?.lines ?? []).map(({ slot, x, columns }) => {
    const name = `--run-${slot.colour}`;
    const colours = { stroke: token(name), faint: translucent(name, 0.3), band: translucent(name, bandOpacity) };
    return { x, columns, ...colours, dash: DASHES[slot.round] ?? [] };
  });
}
