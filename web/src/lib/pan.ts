/** A range moved by a share of its own length; on a logarithmic axis by that share of its decades. */
export function movedRange([low, high]: readonly [number, number], share: number, log: boolean): [number, number] {
  if (log) return [low * (high / low) ** share, high * (high / low) ** share];
  return [low + (high - low) * share, high + (high - low) * share];
}

/** Follows a pressed mouse until it is released. @param moved - is told how far it is from where it began, in pixels. */
export function followDrag(begin: MouseEvent, moved: (pixels: number, isOver: boolean) => void): void {
  const move = (event: MouseEvent) => moved(event.clientX - begin.clientX, false);
  const release = (event: MouseEvent) => {
    document.removeEventListener('mousemove', move);
    moved(event.clientX - begin.clientX, true);
  };
  document.addEventListener('mousemove', move);
  document.addEventListener('mouseup', release, { once: true });
}
