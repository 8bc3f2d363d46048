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
