import { STATUS_CODES } from 'node:http';
import { routeScope } from '../route-scope.ts';
import type { DescribedRoute } from './described-route.ts';

/** Why a route is answered otherwise than its own schema says. */
const REASONS = {
  400: 'The request cannot be read.',
  401: 'The token is not known, or is no longer valid.',
  403: 'The principal may not do this, or the request comes from the page of another site.',
  404: 'There is no such object, or none that the principal may read.',
  409: 'It does not fit what is there; `id` names the object that is there already.',
  413: 'The body is too large.',
  415: 'The content type or encoding of the body is not served.',
  422: 'A part of the request is wrong; `detail` names it and the fix.',
  431: 'The address and the headers together are longer than 256 KiB.',
  503: 'The collector has no room now, or is too busy for this token: try again after `Retry-After` seconds.',
} as const;
type Status = keyof typeof REASONS;

/** What a status means here. */
export function reasonOf(status: string): string | undefined {
  return (REASONS as Readonly<Record<string, string>>)[status] ?? STATUS_CODES[status];
}

const RETRY_AFTER = { description: 'Seconds.', schema: { type: 'integer' } };
const WITHOUT_BODY = new Set(['GET', 'HEAD']);

/** What a route answers besides its own answers: Host and Origin, token, address, body, fields and load are checked before it runs. */
export function commonAnswers(route: DescribedRoute): Record<string, object> {
  return Object.fromEntries(
    statuses(route).map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]),
  );
}

/** The answers that {@link commonAnswers} refers to. */
export function componentAnswers(): Record<string, object> {
  const answer = (status: string, description: string) => ({
    description,
    ...(status === '503' ? { headers: { 'Retry-After': RETRY_AFTER } } : {}),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  return Object.fromEntries(
    Object.entries(REASONS).map(([status, reason]) => [nameOf(status), answer(status, reason)]),
  );
}

/** `NotFound` of 404. */
function nameOf(status: string | number): string {
  return (STATUS_CODES[status] ?? '').replaceAll(' ', '');
}

function statuses({ method, url, schema }: DescribedRoute): Status[] {
  // OTLP has errors of its own.
  const takesBody = !WITHOUT_BODY.has(method) && url.startsWith('/api/');
  const isChecked = takesBody || schema.params !== undefined || schema.querystring !== undefined;
  return [
    ...(takesBody || schema.params !== undefined ? [400 as const] : []),
    ...(routeScope(method, url) === 'nothing' ? [] : [401 as const]),
    403,
    ...(schema.params === undefined ? [] : [404 as const]),
    ...(takesBody ? ([413, 415] as const) : []),
    ...(isChecked ? [422 as const] : []),
    431,
    503,
  ];
}
