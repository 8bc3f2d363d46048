/** Shows a dialog above all else, and gives the focus back to what opened it, however the dialog goes. */
export function modal(opener: Element | null): (dialog: HTMLDialogElement) => () => void {
  return (dialog) => {
    // The browser gives it back to what has it now, and so to what may have got it while the dialog was on its way.
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    dialog.showModal();
    dialog.querySelector<HTMLElement>(':is(input, textarea, select):not(:disabled)')?.focus();
    return () => {
      const lost = document.activeElement;
      if (lost === null || lost === document.body || dialog.contains(lost)) giveFocus(opener);
      keepFocus();
    };
  };
}

/** What was in a menu is hidden by now: then the button of the menu; what is gone: then the content of the page. */
function giveFocus(opener: Element | null): void {
  const menu = opener?.closest('[popover]');
  const button = menu && document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  for (const place of [opener, button, document.getElementById('main')]) {
    if (!(place instanceof HTMLElement) || place === document.body) continue;
    place.focus({ preventScroll: place.id === 'main' });
    if (document.activeElement === place) return;
  }
}

/** What has the focus may be gone with the next answer: the browser then drops it without a word. */
export function keepFocus(): void {
  const holder = document.activeElement;
  if (holder === null || holder === document.body) return;
  const watch = new MutationObserver(() => {
    if (holder.isConnected) return;
    watch.disconnect();
    if (document.activeElement === document.body) giveFocus(null);
  });
  watch.observe(document.body, { childList: true, subtree: true });
  // Not the blur of what holds it: browsers send one when they remove it.
  document.addEventListener('focusin', () => watch.disconnect(), { once: true });
}
