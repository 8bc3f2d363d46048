import { NANOS_PER_SECOND } from 'simvue-otel/time';
import { Type } from 'typebox';
import type { ApiServer } from '../api-context.ts';
import { nullable } from '../contract/json.ts';
import { ProblemSchema } from '../contract/problem.ts';

/** Sign-in of a browser. */
export interface SessionPort {
  /** False when requests without token are answered. */
  readonly needsToken: boolean;
  /** Opens a session for the owner of a token. @throws SimvueError `SIMVUE_ERR_UNAUTHORISED` when the token is not valid. */
  open(token: string, lifetimeNano: bigint): { readonly secret: string; readonly username: string };
  /** Who a Cookie header signs in; null = nobody. */
  find(cookie: string | undefined): string | null;
  close(cookie: string | undefined): void;
}

const COOKIE = 'simvue_session';
const LIFETIME_SECONDS = 12 * 3_600;
const SessionView = Type.Object({ needs_token: Type.Boolean(), username: nullable(Type.String()) });
const SignInBody = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 4096 }) },
  { additionalProperties: false },
);

/** `GET|POST|DELETE /session`: a token becomes a cookie that scripts cannot read and other sites cannot use. */
export function registerSessionRoutes(api: ApiServer, sessions: SessionPort): void {
  const response = { 200: SessionView };

  api.get(
    '/session',
    { schema: { summary: 'Whether a token is needed, and who has signed in.', response } },
    ({ headers }) => ({
      needs_token: sessions.needsToken,
      username: sessions.find(headers.cookie),
    }),
  );

  const signIn = { summary: 'Signs a browser in.', body: SignInBody, response: { ...response, 401: ProblemSchema } };
  api.post('/session', { schema: signIn }, (request, reply) => {
    const { secret, username } = sessions.open(request.body.token, BigInt(LIFETIME_SECONDS) * NANOS_PER_SECOND);
    reply.header('set-cookie', cookie(secret, LIFETIME_SECONDS, request.protocol === 'https'));
    return { needs_token: sessions.needsToken, username };
  });

  api.delete('/session', { schema: { summary: 'Signs out.', response } }, (request, reply) => {
    sessions.close(request.headers.cookie);
    reply.header('set-cookie', cookie('', 0, request.protocol === 'https'));
    return { needs_token: sessions.needsToken, username: null };
  });
}

function cookie(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${isSecure ? '; Secure' : ''}`;
}
