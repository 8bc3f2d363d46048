import type { NewToken } from '../../../collector/api/contract/token.ts';
import { live } from './live.svelte.ts';
import { request } from './request.ts';
import { session } from './session.svelte.ts';

interface SessionView {
  readonly needs_token: boolean;
  readonly username: string | null;
}
const SESSION = '/api/session';

/** Finds out whether somebody has signed in, and whether it is needed. */
export async function readSession(): Promise<void> {
  const { needs_token, username } = await request<SessionView>(SESSION);
  if (needs_token && username === null) session.lockOut();
  else await letIn(username);
}

async function letIn(username: string | null): Promise<void> {
  session.letIn(username ?? undefined);
  session.know(await request('/api/whoami'));
}

/** Opens a session. @throws ApiError when the token is not valid. */
export async function signIn(token: string): Promise<void> {
  const { username } = await request<SessionView>(SESSION, { method: 'POST', body: { token } });
  await letIn(username);
  live.restart();
}

/** Ends the session; on a loopback the page goes on as the user of this machine. */
export async function signOut(): Promise<void> {
  const { needs_token } = await request<SessionView>(SESSION, { method: 'DELETE' });
  if (needs_token) session.lockOut();
  else await letIn(null);
  live.restart();
}

/** Makes a token of one's own; its text is told this once. */
export const createToken = (name: string, scopes: NewToken['scopes'], lifetimeSeconds: number): Promise<NewToken> =>
  request('/api/tokens', { method: 'POST', body: { name, scopes, lifetime_seconds: lifetimeSeconds } });
