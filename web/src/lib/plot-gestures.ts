import { type Finger, rangeUnder, zoomedRange } from './plot-range.ts';

/** What gestures move. */
export interface Gestured {
  /** What the x axis shows. */
  range(): readonly [number, number];
  /** False = all that is there is shown: there is nowhere to go. */
  isZoomed(): boolean;
  readonly logX: boolean;
  /** Position of the cursor, as a share of the width; undefined = off the plot. */
  cursorAt(): number | undefined;
  setCursor(share: number): void;
  valueAt(share: number): number;
  moveTo(range: readonly [number, number]): void;
  /** The move is over. */
  rest(): void;
  showAll(): void;
}

const KEY_STEP = 0.02;
const MOVE_STEP = 0.1;
const ZOOM_FACTOR = 0.5;

/** Arrows move the cursor, and a zoomed plot at its edge or with Shift; + and - zoom around the cursor, 0 shows all. @returns whether it was a key of a plot. */
export function plotKey({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>, plot: Gestured): boolean {
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const factor = { '+': ZOOM_FACTOR, '=': ZOOM_FACTOR, '-': 1 / ZOOM_FACTOR, _: 1 / ZOOM_FACTOR }[key];
  const at = plot.cursorAt();
  if (along !== undefined) {
    const next = (at ?? (along > 0 ? 0 : 1)) + (shiftKey || at === undefined ? 0 : along * KEY_STEP);
    const beyond = shiftKey || next < 0 || next > 1;
    if (beyond && plot.isZoomed()) plot.moveTo(moved(plot, along * MOVE_STEP));
    if (!shiftKey) plot.setCursor(Math.min(1, Math.max(0, next)));
  } else if (factor !== undefined) plot.moveTo(zoomedRange(plot.range(), plot.valueAt(at ?? 0.5), factor, plot.logX));
  else if (key === '0' || key === 'Home') plot.showAll();
  else return false;
  return true;
}

const moved = (plot: Gestured, share: number) =>
  rangeUnder(plot.range(), [{ value: plot.valueAt(share), at: 0 }], plot.logX);

/** Follows fingers: one moves a zoomed plot or the cursor, two zoom. Mice and pens are left alone. */
export function followFingers(over: HTMLElement, plot: Gestured): void {
  let fingers = new Map<number, Finger>();
  let from = plot.range();
  let isMoving = false;
  const shareOf = ({ clientX }: PointerEvent) => {
    const { left, width } = over.getBoundingClientRect();
    return (clientX - left) / width;
  };
  /** Each finger holds what is under it now. */
  const begin = () => {
    from = plot.range();
    fingers = new Map([...fingers].map(([id, { at }]) => [id, { at, value: plot.valueAt(at) }]));
  };
  const end = ({ pointerId }: PointerEvent) => {
    if (!fingers.delete(pointerId)) return;
    if (fingers.size > 0) begin();
    else if (isMoving) plot.rest();
    isMoving &&= fingers.size > 0;
  };
  over.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch' || fingers.size === 2) return;
    fingers.set(event.pointerId, { at: shareOf(event), value: 0 });
    begin();
  });
  over.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    fingers.set(event.pointerId, { ...finger, at: shareOf(event) });
    if (fingers.size === 1 && !plot.isZoomed()) plot.setCursor(Math.min(1, Math.max(0, shareOf(event))));
    else {
      isMoving = true;
      plot.moveTo(rangeUnder(from, [...fingers.values()], plot.logX));
    }
  });
  over.addEventListener('pointerup', end);
  over.addEventListener('pointercancel', end);
}
