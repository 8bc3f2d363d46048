import { configError } from 'simvue-otel/errors';

/** A Simvue server, without `/api`; a token in a file is read at the start. */
export interface ExportConfig {
  readonly url: string;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  /** Whether runs that are deleted here are deleted there. */
  readonly deletions: boolean;
}

const EXAMPLE = 'Give for example --export simvue=https://simvue.example.org,token-file=/etc/simvue/token';

/**
 * Reads the values of `--export`: `simvue=URL`, and with it `token-file=FILE` and `deletions=yes`.
 *
 * @throws SimvueError `SIMVUE_ERR_CONFIG`; it names no credentials.
 */
export function readExports(values: readonly string[], environment: NodeJS.ProcessEnv): ExportConfig[] {
  const exports = values.map((value) => readExport(value, environment['SIMVUE_EXPORT_TOKEN'] || undefined));
  const twice = exports.find(({ url }, index) => exports.findIndex((other) => other.url === url) !== index);
  if (twice !== undefined) throw configError('--export', `${twice.url} is named twice`, 'Name each server once');
  return exports;
}

function readExport(value: string, environmentToken: string | undefined): ExportConfig {
  const settings = new Map(value.split(',').map((pair) => splitOnce(pair)));
  const { simvue, 'token-file': tokenFile, deletions = 'no', ...others } = Object.fromEntries(settings);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw configError('--export', `"${unknown}" is not known`, EXAMPLE);
  if (deletions !== 'yes' && deletions !== 'no') {
    throw configError('--export', `deletions=${deletions} is neither yes nor no`, EXAMPLE);
  }
  const url = simvue !== undefined && URL.canParse(simvue) ? new URL(simvue) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw configError('--export', 'names no http or https address as simvue=URL', EXAMPLE);
  }
  if (url.username !== '' || url.password !== '') {
    throw configError('--export', 'has credentials in the address', EXAMPLE);
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api$/, '');
  return {
    url: url.origin + path,
    token: tokenFile === undefined ? environmentToken : undefined,
    tokenFile,
    deletions: deletions === 'yes',
  };
}

function splitOnce(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}
