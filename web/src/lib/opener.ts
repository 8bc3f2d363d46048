import { getContext, setContext, tick } from 'svelte';

const KEY = Symbol('opener');
interface Asked {
  by: Element | null;
}

/** Remembers what has the focus now, when a part is asked for: it may have gone on when the part has come. @param loading - settles when it has. */
export function rememberOpener(loading: Promise<unknown>): void {
  const asked: Asked = { by: document.activeElement };
  setContext(KEY, asked);
  // What the part opens later was asked for by something else.
  const forget = () => {
    asked.by = null;
  };
  loading.then(tick).then(forget, forget);
}

/** What had the focus when this was asked for; what has it now, where that is gone. */
export function opener(): Element | null {
  const by = getContext<Asked | undefined>(KEY)?.by;
  return by?.isConnected ? by : document.activeElement;
}
