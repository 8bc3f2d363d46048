import { SimvueError } from 'simvue-otel/errors';
import { formatTimestamp } from 'simvue-otel/time';
import { hasScope, type Principal, type Scope } from '../../pipeline/principal.ts';
import type { TokenRow } from '../../store/account-store.ts';
import type { ApiContext, ApiServer } from '../api-context.ts';
import { DoneView } from '../contract/answer.ts';
import { DEFAULT_PAGE, IdParams, MAX_PAGE, PageQuerySchema } from '../contract/query.ts';
import { NewTokenBody, NewTokenSchema, TokenListSchema, type TokenView } from '../contract/token.ts';

/** Makes tokens for who has signed in. */
export interface TokenPort {
  /** @param cookie - the Cookie header: the token ends no later than the one that opened this session. */
  createToken(
    cookie: string | undefined,
    token: {
      readonly username: string;
      readonly name: string;
      readonly scopes: readonly Scope[];
      readonly lifetimeSeconds: number;
    },
  ): { readonly text: string; readonly row: TokenRow };
}

const DEFAULT_SCOPES: readonly Scope[] = ['read', 'ingest'];
const DEFAULT_LIFETIME_SECONDS = 90 * 86_400;

/** `GET|POST /tokens`, `DELETE /tokens/{id}`: everybody's own, and for admins all. Programs with a token of their own make none. */
export function registerTokenRoutes(api: ApiServer, { catalog: { accounts } }: ApiContext, desk: TokenPort): void {
  api.get(
    '/tokens',
    {
      schema: {
        summary: 'Your tokens; for admins those of all.',
        querystring: PageQuerySchema,
        response: { 200: TokenListSchema },
      },
    },
    ({ principal, query }) => {
      const owner = hasScope(principal, 'admin') ? undefined : principal.username;
      const { count, data } = accounts.tokenPage(
        owner,
        query.start ?? 0,
        Math.min(query.count ?? DEFAULT_PAGE, MAX_PAGE),
      );
      return { count, data: data.map(tokenView) };
    },
  );

  api.post(
    '/tokens',
    {
      schema: { summary: 'Makes a token, which is shown once.', body: NewTokenBody, response: { 200: NewTokenSchema } },
    },
    (request) => {
      const { principal, headers, body } = request;
      if (headers.authorization !== undefined) throw forbidden('a token makes no tokens: sign in on the page');
      const scopes = body.scopes ?? DEFAULT_SCOPES.filter((scope) => hasScope(principal, scope));
      const missing = scopes.find((scope) => !hasScope(principal, scope));
      if (missing !== undefined) throw forbidden(`you do not have the scope ${missing} yourself`);
      const { text, row } = desk.createToken(headers.cookie, {
        username: principal.username,
        name: body.name,
        scopes,
        lifetimeSeconds: body.lifetime_seconds ?? DEFAULT_LIFETIME_SECONDS,
      });
      return { ...tokenView(row), token: text };
    },
  );

  api.delete(
    '/tokens/:id',
    { schema: { summary: 'Revokes a token.', params: IdParams, response: { 200: DoneView } } },
    (request) => {
      const { id } = request.params;
      const token = accounts.token(id);
      if (token === undefined || !isOwn(request.principal, token) || !accounts.revokeToken(id)) {
        throw new SimvueError('SIMVUE_ERR_NOT_FOUND', `token ${JSON.stringify(id)} is not a valid token of yours`);
      }
      return {};
    },
  );
}

function isOwn(principal: Principal, { username }: TokenRow): boolean {
  return principal.username === username || hasScope(principal, 'admin');
}

function forbidden(reason: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_FORBIDDEN', `You do not have permission: ${reason}`);
}

function tokenView(row: TokenRow): TokenView {
  const { id, name, username, scopes, revokedUnixNano } = row;
  return {
    id,
    name,
    user: username,
    scopes: [...scopes],
    created: formatTimestamp(row.createdUnixNano),
    expires: formatTimestamp(row.expiresUnixNano),
    revoked: revokedUnixNano === null ? null : formatTimestamp(revokedUnixNano),
  };
}
