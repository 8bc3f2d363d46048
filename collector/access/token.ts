import { createHash, randomBytes } from 'node:crypto';
import { NANOS_PER_SECOND } from 'simvue-otel/time';
import type { Scope } from '../pipeline/principal.ts';
import { randomId } from '../pipeline/run-id.ts';
import type { AccountStore, TokenRow } from '../store/account-store.ts';

const SIGNATURE_BYTES = 32;
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/** What a new token is. */
export interface NewToken {
  readonly username: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly lifetimeSeconds: number;
}

/**
 * Makes a token and keeps its hash. It has the shape of a JWT, for Simvue's clients look for `exp` in it; its last part is random, and
 * nobody but the catalogue can tell whether it is good.
 *
 * @param latestUnixNano - the token ends then at the latest.
 * @returns the text, which is never seen again, and what is kept.
 */
export function createToken(
  accounts: AccountStore,
  token: NewToken,
  nowUnixNano: bigint,
  latestUnixNano?: bigint,
): { text: string; row: TokenRow } {
  const { username, name, scopes, lifetimeSeconds } = token;
  const id = randomId();
  const wishedUnixNano = nowUnixNano + BigInt(Math.round(lifetimeSeconds)) * NANOS_PER_SECOND;
  const expiresUnixNano =
    latestUnixNano !== undefined && latestUnixNano < wishedUnixNano ? latestUnixNano : wishedUnixNano;
  const payload = { sub: username, jti: id, iat: seconds(nowUnixNano), exp: seconds(expiresUnixNano) };
  const text = `${HEADER}.${encode(payload)}.${randomBytes(SIGNATURE_BYTES).toString('base64url')}`;
  const row = { id, name, username, scopes, createdUnixNano: nowUnixNano, expiresUnixNano, revokedUnixNano: null };
  accounts.addToken(row, hashSecret(text));
  return { text, row };
}

/** A random text of 256 bits. */
export function randomSecret(): string {
  return randomBytes(SIGNATURE_BYTES).toString('base64url');
}

/** SHA-256 of a token or session, hexadecimal: they are random enough to need no salt. */
export function hashSecret(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function seconds(timeUnixNano: bigint): number {
  return Number(timeUnixNano / NANOS_PER_SECOND);
}
