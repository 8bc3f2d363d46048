import { parseRoute, type Route, runHref } from './route.ts';

/** A run has one address, however it was typed. */
function read(): Route {
  const found = parseRoute(location.pathname, location.search);
  if (found.page === 'run' && location.pathname.split('/').length > 3)
    history.replaceState(null, '', runHref(found.state));
  return found;
}
let route = $state.raw<Route>(read());

/** The page that the address bar names; reactive. */
export const place = {
  get route(): Route {
    return route;
  },
};

/** Shows another address; `replace` keeps the history short while a control is being moved. */
export function go(href: string, replace = false): void {
  if (href === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  route = read();
}

/** Lets links to this page change the address without a load. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    route = read();
  });
  document.addEventListener('click', (event) => {
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = event.target instanceof Element ? event.target.closest('a[href]:not([target], [download])') : null;
    // A link in a drawing knows its address as text only.
    const to = link && new URL(link.getAttribute('href') ?? '', location.href);
    if (!plain || event.defaultPrevented || to?.origin !== location.origin || to.hash) return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}
