/** What a token allows. `admin` allows everything; `ingest:any` writing to runs of others; `ingest:delegate` writing in the name of others. */
export const SCOPES = ['read', 'ingest', 'admin', 'ingest:any', 'ingest:delegate'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks: the user of a token, a browser session, a client certificate, or the user of this machine on an open loopback. */
export interface Principal {
  readonly username: string;
  /** Name of the tenant. */
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Id of the token it came with; undefined = without one. */
  readonly token?: string;
}

export const LOCAL_USER = 'local';
export const DEFAULT_TENANT = 'default';

/** Everybody, while the collector asks for no token. */
export const LOCAL_PRINCIPAL: Principal = {
  username: LOCAL_USER,
  tenant: DEFAULT_TENANT,
  scopes: new Set<Scope>(['admin']),
};

export function hasScope(principal: Principal, scope: Scope): boolean {
  return principal.scopes.has(scope) || principal.scopes.has('admin');
}

/** Who asks for what everybody may have. */
export const NOBODY: Principal = { username: '', tenant: DEFAULT_TENANT, scopes: new Set<Scope>() };

/** A principal as the ingest log keeps it: a replay decides as the first time. */
export function printPrincipal({ username, tenant, scopes }: Principal): string {
  return JSON.stringify([username, tenant, ...scopes]);
}

/** @param text - of {@link printPrincipal}; anything else is the local user, as in logs of earlier versions. */
export function parsePrincipal(text: string): Principal {
  if (!text.startsWith('[')) return LOCAL_PRINCIPAL;
  const [username = '', tenant = '', ...scopes] = JSON.parse(text) as string[];
  return { username, tenant, scopes: new Set(scopes as Scope[]) };
}
