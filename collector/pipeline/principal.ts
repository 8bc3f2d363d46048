/** What a token allows. `admin` allows everything; `ingest:any` writing to runs of others; `ingest:delegate` writing in the name of others. */
export const SCOPES = ['read', 'ingest', 'admin', 'ingest:any', 'ingest:delegate'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks: the user of a token, a browser session, a client certificate, or the user of this machine on an open loopback. */
export interface Principal {
  readonly username: string;
  /** Name of the tenant. */
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
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
