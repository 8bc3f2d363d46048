import { readFileSync } from 'node:fs';
import { configError, errorText } from 'simvue-otel/errors';
import type { AccountStore } from '../store/account-store.ts';

interface TlsPaths {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string | undefined;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * An address that others can reach is served only with tokens (or client certificates) and TLS.
 *
 * @throws SimvueError `SIMVUE_ERR_CONFIG` that names the flag and the fix.
 */
export function checkExposure(
  config: { readonly host: string; readonly tls: TlsPaths | undefined; readonly isInsecure: boolean },
  accounts: AccountStore,
  nowUnixNano: bigint,
): void {
  const { host, tls, isInsecure } = config;
  if (LOOPBACK.has(host)) return;
  const isValid = accounts
    .tokens()
    .some((token) => token.revokedUnixNano === null && token.expiresUnixNano > nowUnixNano);
  if (!isValid && tls?.clientCaFile === undefined) {
    throw configError(
      '--host',
      `${host} can be reached by others, and there is no valid token to keep them out`,
      'Make one with simvue-collector token create, give --tls-client-ca, or listen on 127.0.0.1',
    );
  }
  if (tls !== undefined || isInsecure) return;
  throw configError(
    '--host',
    `${host} can be reached by others, who could read tokens on the way`,
    'Give --tls-cert and --tls-key, or --insecure when something before it speaks TLS',
  );
}

/** Contents of the files. @throws SimvueError `SIMVUE_ERR_CONFIG` that names the flag. */
export function readTlsFiles(tls: TlsPaths | undefined): { cert: Buffer; key: Buffer; ca?: Buffer } | undefined {
  if (tls === undefined) return undefined;
  const files = { cert: readFile('--tls-cert', tls.certificateFile), key: readFile('--tls-key', tls.keyFile) };
  return tls.clientCaFile === undefined ? files : { ...files, ca: readFile('--tls-client-ca', tls.clientCaFile) };
}

function readFile(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw configError(flag, `${path} cannot be read: ${errorText(error)}`, 'Give the path of a PEM file', error);
  }
}
