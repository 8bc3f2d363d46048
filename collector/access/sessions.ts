import type { AccountStore, TokenRow } from '../store/account-store.ts';
import { type Authenticator, sessionOf } from './authenticator.ts';
import { createToken, hashSecret, type NewToken, randomSecret } from './token.ts';

/** Browser sessions: a random text in a cookie, of which only the hash is kept, stands for a token. */
export class Sessions {
  readonly #accounts: AccountStore;
  readonly #authenticator: Authenticator;
  readonly #now: () => bigint;

  constructor(accounts: AccountStore, authenticator: Authenticator, nowUnixNano: () => bigint) {
    this.#accounts = accounts;
    this.#authenticator = authenticator;
    this.#now = nowUnixNano;
  }

  get needsToken(): boolean {
    return this.#authenticator.needsToken;
  }

  /** @throws SimvueError `SIMVUE_ERR_UNAUTHORISED` when the token is not valid. */
  open(token: string, lifetimeNano: bigint): { readonly secret: string; readonly username: string } {
    const { id, username } = this.#authenticator.requireToken(token);
    const secret = randomSecret();
    this.#accounts.addSession(hashSecret(secret), id, this.#now() + lifetimeNano);
    return { secret, username };
  }

  find(cookie: string | undefined): string | null {
    return this.#authenticator.tokenOfSession(cookie)?.username ?? null;
  }

  close(cookie: string | undefined): void {
    const session = sessionOf(cookie);
    if (session !== undefined) this.#accounts.removeSession(hashSecret(session));
  }

  /** Makes a token that ends no later than the one which opened the session: nobody prolongs what was lent. */
  createToken(cookie: string | undefined, token: NewToken): { readonly text: string; readonly row: TokenRow } {
    const lender = this.#authenticator.tokenOfSession(cookie);
    return createToken(this.#accounts, token, this.#now(), lender?.expiresUnixNano);
  }
}
