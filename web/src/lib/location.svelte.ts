import { parseRoute, type Route } from './route.ts';

const read = () => parseRoute(location.pathname, location.search);
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
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!plain || event.defaultPrevented || !link || link.target || link.hash) return;
    if (link.origin !== location.origin || link.hasAttribute('download')) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
