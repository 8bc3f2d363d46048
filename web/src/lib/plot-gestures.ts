import { type Finger, rangeUnder, zoomedRange } from './plot-range.ts';

/** What gestures move. */
export interface Gestured {
  /** What the x axis shows. */
  range(): readonly [number, number];
  /** False = all that is there is shown: there is nowhere to go. */
  isZoomed(): boolean;
  readonly logX: boolean;
  /** Where the cursor is on the axis; undefined = off the plot. */
  cursorAt(): number | undefined;
  /** @param share - of the width. */
  setCursor(share: number): void;
  /** Puts the cursor on the point `by` points on from where it is, at the end of what is shown at the most; without a cursor the first or last one. @returns false = there is none. */
  step(by: number): boolean;
  valueAt(share: number): number;
  moveTo(range: readonly [number, number]): void;
  /** The move is over. */
  rest(): void;
  showAll(): void;
}

const SHIFT_POINTS = 10;
const MOVE_STEP = 0.1;
const PAGE_STEP = 0.9;
const ZOOM_FACTOR = 0.5;

/** Arrows take the cursor from point to point, with Shift ten of them, and a zoomed plot along at its edge; Home and End to the ends, Page keys move a zoomed plot; + and - zoom around the cursor, 0 shows all. @returns whether it was a key of a plot. */
export function plotKey({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>, plot: Gestured): boolean {
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const end = { Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[key];
  const page = { PageUp: -PAGE_STEP, PageDown: PAGE_STEP }[key];
  const factor = { '+': ZOOM_FACTOR, '=': ZOOM_FACTOR, '-': 1 / ZOOM_FACTOR, _: 1 / ZOOM_FACTOR }[key];
  const move = (share: number) => plot.isZoomed() && plot.moveTo(moved(plot, share));
  if (along !== undefined) {
    if (!plot.step(along * (shiftKey ? SHIFT_POINTS : 1))) move(along * MOVE_STEP);
  } else if (end !== undefined) plot.step(end);
  else if (page !== undefined) move(page);
  else if (factor !== undefined)
    plot.moveTo(zoomedRange(plot.range(), plot.cursorAt() ?? plot.valueAt(0.5), factor, plot.logX));
  else if (key === '0') plot.showAll();
  else return false;
  return true;
}

const moved = (plot: Gestured, share: number) =>
  rangeUnder(plot.range(), [{ value: plot.valueAt(share), at: 0 }], plot.logX);

/** The plot that fingers are on, and the element that it lies on. */
export interface Touched {
  readonly over: HTMLElement;
  readonly plot: Gestured;
}

/** Follows fingers: one moves a zoomed plot or the cursor, two zoom. Mice and pens are left alone. */
export function followFingers(host: HTMLElement, touched: () => Touched | undefined, signal: AbortSignal): void {
  let fingers = new Map<number, Finger>();
  let from: readonly [number, number] = [0, 1];
  let isMoving = false;
  /** Each finger holds what is under it now. */
  const begin = ({ plot }: Touched) => {
    from = plot.range();
    fingers = new Map([...fingers].map(([id, { at }]) => [id, { at, value: plot.valueAt(at) }]));
  };
  host.addEventListener('pointerdown', (event) => {
    const now = touched();
    if (event.pointerType !== 'touch' || fingers.size === 2 || event.target !== now?.over) return;
    fingers.set(event.pointerId, { at: shareOf(event, now.over), value: 0 });
    begin(now);
  });
  host.addEventListener('pointermove', (event) => {
    const [now, finger] = [touched(), fingers.get(event.pointerId)];
    if (!now || !finger) return;
    const at = shareOf(event, now.over);
    fingers.set(event.pointerId, { ...finger, at });
    if (fingers.size === 1 && !now.plot.isZoomed()) now.plot.setCursor(Math.min(1, Math.max(0, at)));
    else {
      isMoving = true;
      now.plot.moveTo(rangeUnder(from, [...fingers.values()], now.plot.logX));
    }
  });
  const end = ({ pointerId }: PointerEvent) => {
    const now = touched();
    if (!fingers.delete(pointerId) || !now) return;
    if (fingers.size > 0) begin(now);
    else if (isMoving) now.plot.rest();
    isMoving &&= fingers.size > 0;
  };
  for (const name of ['pointerup', 'pointercancel'] as const)
    host.ownerDocument.addEventListener(name, end, { signal });
}

function shareOf({ clientX }: PointerEvent, over: HTMLElement): number {
  const { left, width } = over.getBoundingClientRect();
  return (clientX - left) / width;
}
