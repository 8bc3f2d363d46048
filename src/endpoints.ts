import { configError } from './errors.ts';
import type { Signal } from './frame-log.ts';
import { proxyFor } from './proxies.ts';
import { readTlsFiles, type TlsMaterial } from './tls-files.ts';

/** Where one signal is sent. */
export interface Endpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly timeoutMillis: number;
  readonly tls?: TlsMaterial | undefined;
}

/** Where the REST API and the page of a run are: base address without trailing slash and `/api`. */
export interface ControlAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsMaterial | undefined;
}

/** Addresses of a run: data by signal, and control (run page, abort, artifacts, reading). */
export interface Endpoints {
  readonly metrics: Endpoint;
  readonly logs: Endpoint;
  readonly control: ControlAddress;
}

/** What a program gives instead of environment variables. */
export interface EndpointOptions {
  /** Base address of a collector; default: `OTEL_EXPORTER_OTLP_*`, `SIMVUE_URL`, `http://127.0.0.1:4318`. */
  readonly url?: string;
  /** Default: `SIMVUE_TOKEN`. Goes to `url` and `SIMVUE_URL` only. */
  readonly token?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Path of the PEM file of the certificate authority that the server's certificate comes from. */
  readonly caCertificate?: string;
  /** Paths of the PEM files with which this client proves who it is. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:4318';
const DEFAULT_TIMEOUT_MILLIS = 10_000;

/** Variables of an environment by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the addresses: data at `url`, else `OTEL_EXPORTER_OTLP_*`, else `SIMVUE_URL`, else the local collector;
 * control at `url`, else `SIMVUE_URL`, else the data address. The token goes to `url` and `SIMVUE_URL` only.
 *
 * @throws `SIMVUE_ERR_CONFIG` that names the setting.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function resolveEndpoints(options: EndpointOptions, environment: Environment): Endpoints {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const own = options.url ?? read('SIMVUE_URL') ?? read('SIMTRACK_URL');
  const ownSetting =
    options.url !== undefined ? 'url' : read('SIMVUE_URL') !== undefined ? 'SIMVUE_URL' : 'SIMTRACK_URL';
  const ownBase = own === undefined ? undefined : base(own, ownSetting).replace(/\/api$/, '');
  const token = options.token ?? read('SIMVUE_TOKEN') ?? read('SIMTRACK_TOKEN');
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const endpoint = (signal: Signal): Endpoint => {
    const prefix = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`;
    const setting = (name: string) => read(`${prefix}_${name}`) ?? read(`OTEL_EXPORTER_OTLP_${name}`);
    const ofOtel = otelUrl(signal, prefix, read);
    const otel = options.url === undefined ? ofOtel : undefined;
    // Credentials for another address stay with it.
    const headers = otel === ofOtel && {
      ...parseHeaders(read('OTEL_EXPORTER_OTLP_HEADERS'), 'OTEL_EXPORTER_OTLP_HEADERS'),
      ...parseHeaders(read(`${prefix}_HEADERS`), `${prefix}_HEADERS`),
    };
    return {
      url: otel ?? `${ownBase ?? DEFAULT_URL}/v1/${signal}`,
      headers: { ...(otel === undefined ? authorization : {}), ...headers, ...lowerCaseKeys(options.headers ?? {}) },
      gzip: compression(setting('COMPRESSION')),
      timeoutMillis: timeoutMillis(setting('TIMEOUT')),
      tls: readTlsFiles({
        ca: options.caCertificate ?? read('SIMVUE_SERVER_CA_CERTIFICATE') ?? setting('CERTIFICATE'),
        cert: options.clientCertificate ?? read('SIMVUE_SERVER_CLIENT_CERTIFICATE') ?? setting('CLIENT_CERTIFICATE'),
        key: options.clientKey ?? read('SIMVUE_SERVER_CLIENT_KEY') ?? setting('CLIENT_KEY'),
      }),
    };
  };

  const metrics = endpoint('metrics');
  const control = {
    url: ownBase ?? metrics.url.replace(/\/v1\/metrics\/?$/, ''),
    headers: ownBase === undefined ? metrics.headers : authorization,
    tls: metrics.tls,
  };
  const logs = endpoint('logs');
  // Here, so that a wrong one stops the start and not each request.
  for (const { url } of [metrics, logs, control]) proxyFor(url, environment);
  return { metrics, logs, control };
}

function otelUrl(signal: Signal, prefix: string, read: (name: string) => string | undefined): string | undefined {
  const specific = read(`${prefix}_ENDPOINT`);
  if (specific !== undefined) return parseUrl(specific, `${prefix}_ENDPOINT`).href;
  const general = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  return general === undefined ? undefined : `${base(general, 'OTEL_EXPORTER_OTLP_ENDPOINT')}/v1/${signal}`;
}

function base(url: string, setting: string): string {
  const { origin, pathname } = parseUrl(url, setting);
  return origin + pathname.replace(/\/+$/, '');
}

function parseUrl(url: string, setting: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw configError(setting, `"${url}" is not an http or https address`, `Give one like ${DEFAULT_URL}.`);
  }
  return parsed;
}

/** `key1=value1,key2=value2`, values percent-encoded. */
function parseHeaders(text: string | undefined, setting: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of (text ?? '').split(',')) {
    if (pair.trim() === '') continue;
    const separator = pair.indexOf('=');
    const key = pair.slice(0, separator).trim().toLowerCase();
    if (separator < 1 || !/^[\w!#$%&'*+.^`|~-]+$/.test(key)) {
      throw configError(setting, 'is not a list of key=value pairs', 'Separate pairs with commas.');
    }
    headers[key] = decode(pair.slice(separator + 1).trim(), setting);
  }
  return headers;
}

function decode(value: string, setting: string): string {
  try {
    return decodeURIComponent(value);
  } catch (error) {
    throw configError(setting, 'holds a value that is not percent-encoded', 'Write % as %25.', error);
  }
}

function lowerCaseKeys(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]));
}

function compression(text: string | undefined): boolean {
  if (text === undefined || text === 'none' || text === 'gzip') return text === 'gzip';
  throw configError('OTEL_EXPORTER_OTLP_COMPRESSION', `"${text}" is not known`, 'Use gzip or none.');
}

function timeoutMillis(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TIMEOUT_MILLIS;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw configError('OTEL_EXPORTER_OTLP_TIMEOUT', `"${text}" is not a number above 0`, 'Give milliseconds.');
}
