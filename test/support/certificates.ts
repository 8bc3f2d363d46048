import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  PemConverter,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MILLIS = 86_400_000;

interface Identity {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

/** Writes `<name>.pem` and `<name>.key`, valid for a day; signed by itself without an `authority`. */
export async function writeCertificate(directory: string, name: string, authority?: Identity): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create(
    {
      extensions: [new BasicConstraintsExtension(authority === undefined)],
      subject: `CN=${name}`,
      issuer: authority?.certificate.subject ?? `CN=${name}`,
      notBefore: new Date(Date.now() - DAY_MILLIS / 24),
      notAfter: new Date(Date.now() + DAY_MILLIS),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: (authority?.keys ?? keys).privateKey,
    },
    webcrypto,
  );
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  writeFileSync(join(directory, `${name}.pem`), certificate.toString('pem'));
  writeFileSync(join(directory, `${name}.key`), PemConverter.encode(key, 'PRIVATE KEY'), { mode: 0o600 });
  return { certificate, keys };
}
