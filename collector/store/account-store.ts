import type { Scope } from '../pipeline/principal.ts';

/** A token as it is kept: its text is not, only its SHA-256. Times are nanoseconds since the epoch. */
export interface TokenRow {
  /** 22 characters `[A-Za-z0-9]`. */
  readonly id: string;
  /** What it is for, in the words of its maker. */
  readonly name: string;
  readonly username: string;
  readonly scopes: readonly Scope[];
  readonly createdUnixNano: bigint;
  readonly expiresUnixNano: bigint;
  readonly revokedUnixNano: bigint | null;
}

export interface AccountRow {
  readonly id: string;
  readonly username: string;
  readonly fullname: string;
  readonly email: string;
  /** Name of the tenant. */
  readonly tenant: string;
  readonly isManager: boolean;
  readonly isAdmin: boolean;
  readonly isReadonly: boolean;
  readonly isEnabled: boolean;
  readonly isDeleted: boolean;
  readonly createdUnixNano: bigint;
}

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** 0 = no limit; requests a second, runs, and GiB. */
  readonly maxRequestRate: number;
  readonly maxRuns: number;
  readonly maxDataVolume: number;
  readonly createdUnixNano: bigint;
}

export interface Page<T> {
  readonly count: number;
  readonly data: readonly T[];
}

/** Tokens, browser sessions, users and tenants. */
export interface AccountStore {
  addToken(token: Omit<TokenRow, 'revokedUnixNano'>, hash: string): void;
  /** The token with this SHA-256, whatever its state. */
  tokenByHash(hash: string): TokenRow | undefined;
  tokens(): readonly TokenRow[];
  token(id: string): TokenRow | undefined;
  /** Newest first; of one user, or of all when it is undefined. */
  tokenPage(username: string | undefined, start: number, count: number): Page<TokenRow>;
  /** @returns false when there is no such token that is still valid. */
  revokeToken(id: string): boolean;
  addSession(hash: string, tokenId: string, expiresUnixNano: bigint): void;
  /** The token behind a session that has not expired. */
  tokenOfSession(hash: string): TokenRow | undefined;
  removeSession(hash: string): void;

  users(start: number, count: number): Page<AccountRow>;
  user(idOrName: string): AccountRow | undefined;
  /** Whether somebody is of the tenant, deleted users not counted. */
  hasUsers(tenant: string): boolean;
  /** Whether there are tokens or runs that know the user by this name. */
  isOwner(username: string): boolean;
  /** Adds the user, or changes the one of that id. */
  putUser(user: AccountRow): void;
  tenants(start: number, count: number): Page<TenantRow>;
  tenant(idOrName: string): TenantRow | undefined;
  putTenant(tenant: TenantRow): void;
  removeTenant(id: string): void;
}
