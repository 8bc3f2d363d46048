import { hasScope, type Principal } from './principal.ts';

/** Who besides its owner may read a run or a folder. */
export interface Visibility {
  /** Names of users. */
  readonly users: readonly string[];
  /** Everybody of the owner's tenant. */
  readonly tenant: boolean;
  /** Everybody who is let in. */
  readonly public: boolean;
}

export const PRIVATE: Visibility = { users: [], tenant: false, public: false };

/** What of a run or a folder decides who may see and change it. */
export interface Owned {
  readonly user: string;
  readonly tenant: string;
  readonly visibility: Visibility;
}

/** Whose runs and folders a list shows: own, visible ones, and those shared with the reader. */
export interface Reader extends Pick<Principal, 'username' | 'tenant'> {
  /** True when it may not read at all but has runs of its own. */
  readonly isWriterOnly?: boolean;
}

/** The restriction of lists for a principal; undefined = none. */
export function readerOf(principal: Principal): Reader | undefined {
  const { username, tenant, scopes } = principal;
  return scopes.has('admin') ? undefined : { username, tenant, isWriterOnly: !scopes.has('read') };
}

/** Owner and admins, and of those who may read at all the ones whom the visibility names. */
export function canRead(principal: Principal, { user, tenant, visibility }: Owned): boolean {
  if (principal.scopes.has('admin')) return true;
  if (principal.username === user) return true;
  if (!principal.scopes.has('read')) return false;
  if (visibility.public) return true;
  return (visibility.tenant && principal.tenant === tenant) || visibility.users.includes(principal.username);
}

/** Owner, admins, and who may write to every run. */
export function canWrite(principal: Principal, { user }: Pick<Owned, 'user'>): boolean {
  if (!hasScope(principal, 'ingest') && !hasScope(principal, 'ingest:any')) return false;
  return principal.username === user || hasScope(principal, 'ingest:any');
}

/**
 * The visibility in OTLP's words: `public`, `tenant`, `private`, or names of users separated by commas.
 */
export function parseVisibility(text: string): Visibility {
  const words = text.split(',').map((word) => word.trim());
  const users = words.filter((word) => word !== '' && word !== 'public' && word !== 'tenant' && word !== 'private');
  return { users, tenant: words.includes('tenant'), public: words.includes('public') };
}
