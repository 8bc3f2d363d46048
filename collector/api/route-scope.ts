import { SimvueError } from 'simvue-otel/errors';
import type { Principal } from '../pipeline/principal.ts';
import { hasScope } from '../pipeline/principal.ts';

/** What a route asks of the principal; `nothing` = it answers everybody, `good-token` = everybody but who comes with a bad token. */
export type RouteScope = 'nothing' | 'good-token' | 'read' | 'write' | 'admin';

const READING = new Set(['GET', 'HEAD']);
/** Routes that differ from the rule of their method, by method and address; the first that fits decides. */
const RULES: readonly (readonly [methods: RegExp, url: RegExp, scope: RouteScope])[] = [
  [/./, /^\/api\/(nosim\/)?version$/, 'good-token'],
  [/./, /^\/api\/(session|openapi\.json)$/, 'nothing'],
  [/./, /^\/(healthz|readyz)$/, 'nothing'],
  [/./, /^\/metrics$/, 'read'],
  [/./, /^\/v1\//, 'write'],
  [/./, /^\/api\/artifacts\/:id\/content/, 'nothing'],
  [/./, /^\/api\/(users|tenants)/, 'admin'],
  [/^(POST|PUT|DELETE)$/, /^\/api\/storage/, 'admin'],
  [/./, /^\/api\/storage\/usage$/, 'admin'],
  // Whoever is let in has tokens of its own; it gives away no more than it has.
  [/./, /^\/api\/tokens/, 'read'],
  // Views are the reader's own.
  [/./, /^\/api\/views/, 'read'],
  // A star is the reader's own.
  [/^PUT$/, /^\/api\/(runs|folders)\/:id\/starred$/, 'read'],
];

/**
 * What a route asks for.
 *
 * @param url - pattern of the route; the page and its files are outside `/api`, and open.
 */
export function routeScope(method: string, url: string): RouteScope {
  for (const [methods, pattern, scope] of RULES) if (methods.test(method) && pattern.test(url)) return scope;
  if (!url.startsWith('/api')) return 'nothing';
  return READING.has(method) ? 'read' : 'write';
}

/** Points and events: their tenant must have room before the body is read. */
export function bringsData(method: string, url: string): boolean {
  return method === 'POST' && /^\/(v1\/|api\/(metrics|events|runs\/:id\/metrics)$)/.test(url);
}

/**
 * Which runs a principal may see or change is another question.
 *
 * @param what - the route, for the message.
 * @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when it lacks what the route asks for.
 */
export function checkScope(principal: Principal, scope: RouteScope, what: string): void {
  if (mayUse(principal, scope)) return;
  throw new SimvueError(
    'SIMVUE_ERR_FORBIDDEN',
    `You do not have permission: the token of ${principal.username} lacks the scope for ${what} (${scope})`,
  );
}

/** Whether a principal has what a route asks for; which runs it may see or change is another question. */
function mayUse(principal: Principal, scope: RouteScope): boolean {
  switch (scope) {
    case 'nothing':
    case 'good-token':
      return true;
    case 'read':
      return hasScope(principal, 'read') || hasScope(principal, 'ingest') || hasScope(principal, 'ingest:any');
    case 'write':
      return hasScope(principal, 'ingest') || hasScope(principal, 'ingest:any');
    case 'admin':
      return hasScope(principal, 'admin');
  }
}
