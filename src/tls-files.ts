import { readFileSync } from 'node:fs';
import { configError, errorText } from './errors.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Content of PEM files: whom to trust, and who we are. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files of a connection.
 *
 * @returns undefined when none is given.
 * @throws `SIMVUE_ERR_CONFIG` that names the file.
 */
export function readTlsFiles({ ca, cert, key }: TlsFiles): TlsMaterial | undefined {
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  if ((cert === undefined) !== (key === undefined)) {
    const given = cert ?? key ?? '';
    throw configError(given, 'a client certificate and its key need each other', 'Give both.');
  }
  return {
    ...(ca === undefined ? {} : { ca: readPem(ca) }),
    ...(cert === undefined || key === undefined ? {} : { cert: readPem(cert), key: readPem(key) }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw configError(path, errorText(error), 'Give the path of a PEM file.', error);
  }
}
