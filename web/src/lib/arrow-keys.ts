const KEYS = { row: ['ArrowLeft', 'ArrowRight'], column: ['ArrowUp', 'ArrowDown'] } as const;
const STOPS = ':is(a[href], button, input):not(:disabled)';
const TEXT = 'input:not([type="checkbox"])';

/** Lets arrows, Home and End move the focus along the controls of an element, round its ends. */
export const arrowKeys = (along: keyof typeof KEYS) => (group: HTMLElement) => {
  const [back, on] = KEYS[along];
  const keydown = (event: KeyboardEvent) => {
    const stops = [...group.querySelectorAll<HTMLElement>(STOPS)].filter((stop) => stop.checkVisibility());
    const at = stops.findIndex((stop) => stop.matches(':focus'));
    const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: stops.length - 1 }[event.key];
    // In a text they move the caret.
    const isCaret = !event.key.startsWith('Arrow') && stops[at]?.matches(TEXT);
    if (to === undefined || at < 0 || isCaret) return;
    event.preventDefault();
    event.stopPropagation();
    stops.at(to % stops.length)?.focus();
  };
  group.addEventListener('keydown', keydown);
  return () => group.removeEventListener('keydown', keydown);
};

/** A menu that a key opened takes the focus, and arrows, Home and End move it there. */
export function menuKeys(menu: HTMLElement): () => void {
  const opened = ({ newState }: ToggleEvent) => {
    if (newState === 'open' && document.activeElement?.matches(':focus-visible'))
      menu.querySelector<HTMLElement>(STOPS)?.focus();
  };
  menu.addEventListener('toggle', opened);
  const leave = arrowKeys('column')(menu);
  return () => {
    leave();
    menu.removeEventListener('toggle', opened);
  };
}
