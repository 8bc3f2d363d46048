import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SimvueError } from 'simvue-otel/errors';
import { NANOS_PER_SECOND } from 'simvue-otel/time';
import { DEFAULT_TENANT, LOCAL_PRINCIPAL, type Principal, type Scope } from '../pipeline/principal.ts';
import type { AccountRow, AccountStore, TokenRow } from '../store/account-store.ts';
import type { PeerUser } from './peer-user.ts';
import type { RequestRate } from './request-rate.ts';
import type { Strangers } from './strangers.ts';
import { hashSecret } from './token.ts';

export const SESSION_COOKIE = 'simvue_session';
/** A Collector drops its data for ever on 401: an expired token is answered 503 for so long, that somebody may notice. */
const GRACE_NANO = 24n * 3_600n * NANOS_PER_SECOND;
const CERTIFICATE_SCOPES: readonly Scope[] = ['read', 'ingest'];

/** What of a request says who asks. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Socket;
  /** A data path of OTLP, on which 401 is final. */
  readonly isTelemetry: boolean;
}

export interface AuthenticatorOptions {
  readonly accounts: AccountStore;
  readonly nowUnixNano: () => bigint;
  /** Who needs no token: nobody, the user of this process on this machine, or everybody who can connect. */
  readonly open: 'nobody' | 'same-user' | 'everybody';
  readonly peers: PeerUser;
  readonly rate: RequestRate;
  readonly strangers: Pick<Strangers, 'letIn'>;
  /** Requests a second with one token. */
  readonly maxRequestRate: number;
  /** Told of each refusal, for the collector's own metrics. */
  readonly onRefused: (reason: RefusalReason) => void;
}

export type RefusalReason =
  | 'missing'
  | 'unknown'
  | 'expired'
  | 'revoked'
  | 'other-user'
  | 'unlisted'
  | 'rate'
  | 'crowd';

/** Finds who asks: by token, browser session or client certificate, else, on an open loopback, the user of this machine. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** False when requests without token are answered. */
  get needsToken(): boolean {
    return this.#options.open === 'nobody';
  }

  /** @throws SimvueError `SIMVUE_ERR_UNAUTHORISED` (401) or `SIMVUE_ERR_OVERLOADED` (503: too many requests, or a token that was good yesterday). */
  async authenticate(credentials: Credentials): Promise<Principal> {
    const principal = await this.#find(credentials);
    this.letIn(credentials.socket);
    return principal;
  }

  /** A signed URL says as much as a token. */
  letIn(socket: Socket): void {
    this.#options.strangers.letIn(socket);
  }

  /** The token that a text stands for. @throws SimvueError `SIMVUE_ERR_UNAUTHORISED` when it is not valid. */
  requireToken(text: string): TokenRow {
    const token = this.#options.accounts.tokenByHash(hashSecret(text));
    if (token !== undefined && this.#problemOf(token) === undefined) return token;
    throw this.#refuse('unknown', 'Unauthorised token: it is not known here, or no longer valid');
  }

  /** The valid token behind a browser's session. */
  tokenOfSession(cookie: string | undefined): TokenRow | undefined {
    const token = this.#tokenOf({ cookie });
    return token !== undefined && this.#problemOf(token) === undefined ? token : undefined;
  }

  async #find(credentials: Credentials): Promise<Principal> {
    const token = this.#tokenOf(credentials.headers);
    const problem = token === undefined ? undefined : this.#problemOf(token);
    if (token !== undefined && problem === undefined) return this.#principalOf(token);
    const certified = certifiedName(credentials.socket);
    if (certified !== undefined) return this.#named(certified, CERTIFICATE_SCOPES);
    const { open, peers } = this.#options;
    if (open === 'everybody') return LOCAL_PRINCIPAL;
    if (open === 'same-user') {
      const isSame = await peers.isSame(credentials.socket);
      if (isSame) return LOCAL_PRINCIPAL;
      if (isSame === undefined) throw this.#unlisted();
      throw this.#refuse('other-user', 'this collector belongs to another user of this machine: give a token');
    }
    if (token !== undefined && problem !== undefined) throw this.#stale(token, problem, credentials.isTelemetry);
    const given = credentials.headers.authorization !== undefined;
    if (given)
      throw this.#refuse(
        'unknown',
        'Unauthorised token: it is not known here. Make one with simvue-collector token create',
      );
    throw this.#refuse('missing', 'Unauthorised token: none was given. Send Authorization: Bearer <token>');
  }

  #tokenOf({ authorization, cookie }: Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>): TokenRow | undefined {
    const { accounts } = this.#options;
    const [, text] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (text !== undefined) return accounts.tokenByHash(hashSecret(text));
    const session = sessionOf(cookie);
    return session === undefined ? undefined : accounts.tokenOfSession(hashSecret(session));
  }

  #problemOf({ expiresUnixNano, revokedUnixNano, username }: TokenRow): 'expired' | 'revoked' | undefined {
    if (revokedUnixNano !== null) return 'revoked';
    if (expiresUnixNano <= this.#options.nowUnixNano()) return 'expired';
    const account = this.#options.accounts.user(username);
    return account !== undefined && isLocked(account) ? 'revoked' : undefined;
  }

  #principalOf(token: TokenRow): Principal {
    this.#checkRate(token.id, this.#options.maxRequestRate, 'with this token');
    return { ...this.#named(token.username, token.scopes), token: token.id };
  }

  #named(username: string, scopes: readonly Scope[]): Principal {
    const account = this.#options.accounts.user(username);
    if (account !== undefined && isLocked(account)) throw this.#refuse('revoked', `the user ${username} is disabled`);
    const granted = account?.isReadonly ? scopes.filter((scope) => scope === 'read') : scopes;
    const tenant = account?.tenant ?? DEFAULT_TENANT;
    // Who could undo it is not shut out.
    if (!granted.includes('admin')) this.#checkTenant(tenant);
    return { username, tenant, scopes: new Set(granted) };
  }

  #checkTenant(name: string): void {
    const tenant = this.#options.accounts.tenant(name);
    if (tenant === undefined) return;
    if (!tenant.isEnabled) throw this.#refuse('revoked', `the tenant ${name} is disabled`);
    if (tenant.maxRequestRate > 0) this.#checkRate(`tenant ${name}`, tenant.maxRequestRate, `of the tenant ${name}`);
  }

  #checkRate(key: string, perSecond: number, whose: string): void {
    if (this.#options.rate.take(key, perSecond)) return;
    this.#options.onRefused('rate');
    throw new SimvueError('SIMVUE_ERR_OVERLOADED', `too many requests ${whose}: send fewer, larger ones`);
  }

  /** To try again: a Collector drops the data of a 401. */
  #unlisted(): SimvueError {
    this.#options.onRefused('unlisted');
    return new SimvueError(
      'SIMVUE_ERR_OVERLOADED',
      'the kernel does not say whose connection this is: try again, or give a token',
    );
  }

  #stale(token: TokenRow, problem: 'expired' | 'revoked', isTelemetry: boolean): SimvueError {
    const since = problem === 'revoked' ? (token.revokedUnixNano ?? 0n) : token.expiresUnixNano;
    const detail = `Unauthorised token: it is ${problem}. Make a new one with simvue-collector token create`;
    if (!isTelemetry || this.#options.nowUnixNano() - since >= GRACE_NANO) return this.#refuse(problem, detail);
    this.#options.onRefused(problem);
    return new SimvueError('SIMVUE_ERR_OVERLOADED', detail);
  }

  #refuse(reason: RefusalReason, detail: string): SimvueError {
    this.#options.onRefused(reason);
    return new SimvueError('SIMVUE_ERR_UNAUTHORISED', detail);
  }
}

function isLocked({ isEnabled, isDeleted }: AccountRow): boolean {
  return !isEnabled || isDeleted;
}

/** The session that a Cookie header names. */
export function sessionOf(cookie: string | undefined): string | undefined {
  return new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([A-Za-z0-9_-]+)`).exec(cookie ?? '')?.[1];
}

/** Common name of a client certificate that the TLS layer has verified. */
function certifiedName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const name = subject?.CN;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
