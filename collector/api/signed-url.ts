import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { SimvueError } from 'simvue-otel/errors';
import type { CatalogStore } from '../store/catalog-store.ts';

/** What a signed URL allows; nothing else. */
export type ContentPurpose = 'upload' | 'download';

/** Query of a signed URL. */
export interface Signature {
  /** Seconds since the epoch. */
  readonly expires: string;
  /** HMAC-SHA256 over artifact, purpose and expiry, hexadecimal. */
  readonly signature: string;
}

export const SIGNATURE_LIFETIME_SECONDS = 3600;
const SECRET_SETTING = 'artifact-url-secret';
const SECRET_BYTES = 32;

/** Signs and checks the URLs by which content is sent and fetched without a token. */
export interface UrlSigner {
  sign(artifactId: string, purpose: ContentPurpose): Signature;
  /** @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when the signature is not for this, or has expired. */
  check(artifactId: string, purpose: ContentPurpose, given: Partial<Signature>): void;
}

/**
 * Signer with the secret that the catalogue keeps; it is made the first time.
 *
 * @param clock - milliseconds since the epoch.
 */
export async function openUrlSigner(
  settings: Pick<CatalogStore, 'getSetting' | 'setSetting'>,
  clock: () => number,
): Promise<UrlSigner> {
  const known = await settings.getSetting(SECRET_SETTING);
  const secret = known ?? randomBytes(SECRET_BYTES).toString('hex');
  if (known === undefined) await settings.setSetting(SECRET_SETTING, secret);
  return createUrlSigner(secret, clock);
}

/** @param secret - whoever knows it can read and write every artifact. */
export function createUrlSigner(secret: string, clock: () => number): UrlSigner {
  const digest = (artifactId: string, purpose: ContentPurpose, expires: string): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify([artifactId, purpose, expires]))
      .digest();
  return {
    sign(artifactId, purpose) {
      const expires = String(Math.floor(clock() / 1000) + SIGNATURE_LIFETIME_SECONDS);
      return { expires, signature: digest(artifactId, purpose, expires).toString('hex') };
    },
    check(artifactId, purpose, { expires = '', signature = '' }) {
      const given = Buffer.from(signature, 'hex');
      const expected = digest(artifactId, purpose, expires);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw forbidden(`the signature of this URL does not allow the ${purpose} of artifact ${artifactId}`);
      }
      if (Number(expires) * 1000 <= clock())
        throw forbidden(`this URL has expired; ask GET /api/artifacts/${artifactId} again`);
    },
  };
}

function forbidden(message: string): SimvueError {
  return new SimvueError('SIMVUE_ERR_FORBIDDEN', message);
}
