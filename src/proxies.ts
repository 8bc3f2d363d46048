import { BlockList, isIP } from 'node:net';
import { configError } from './errors.ts';

/** A proxy on the way to a server. */
export interface ProxyServer {
  readonly address: string;
  /** The variable of the environment that names it. */
  readonly variable: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const HTTP = ['http_proxy', 'HTTP_PROXY'];
const HTTPS = ['https_proxy', 'HTTPS_PROXY', ...HTTP];
const EXCEPTIONS = ['no_proxy', 'NO_PROXY'];
/** Every variable that says something about proxies. */
export const PROXY_VARIABLES: readonly string[] = [...HTTPS, ...EXCEPTIONS];

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy on the way to an address; `host:port` means `http://host:port`, as other programs read it.
 *
 * @returns undefined when there is none, and for this machine.
 * @throws `SIMVUE_ERR_CONFIG` that names the variable.
 */
export function proxyFor(url: string, environment: Environment): ProxyServer | undefined {
  const { protocol, hostname, port } = new URL(url);
  const variable = firstGiven(protocol === 'https:' ? HTTPS : HTTP, environment);
  if (variable === undefined || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return undefined;
  const exceptions = environment[firstGiven(EXCEPTIONS, environment) ?? ''] ?? '';
  const host = withoutBrackets(hostname);
  const isExcepted = exceptions
    .split(/[,\s]+/)
    .some((entry) => entry !== '' && matches(entry.toLowerCase(), host, port || DEFAULT_PORTS[protocol]));
  return isExcepted ? undefined : { address: proxyAddress(variable, environment[variable]?.trim() ?? ''), variable };
}

/** How a server is reached, for messages: empty without a proxy. */
export function wayTo(url: string): string {
  const proxy = proxyFor(url, process.env);
  return proxy === undefined ? '' : ` (through the proxy of ${proxy.variable})`;
}

function firstGiven(names: readonly string[], environment: Environment): string | undefined {
  return names.find((name) => (environment[name]?.trim() ?? '') !== '');
}

/** An exception is `*`, a network (`10.0.0.0/8`), or a host with all below it, to which a port may be added. */
function matches(entry: string, host: string, port: string | undefined): boolean {
  if (entry === '*') return true;
  const [network = '', bits = ''] = entry.split('/');
  if (bits !== '') return isIP(network) !== 0 && isWithin(host, network, Number(bits));
  const [, name = entry, ownPort = port] = isIP(entry) === 6 ? [] : (/^(.+):(\d+)$/.exec(entry) ?? []);
  const domain = withoutBrackets(name.replace(/^\*?\./, ''));
  return ownPort === port && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(host: string, network: string, bits: number): boolean {
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(host) !== isIP(network) || !(Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32)))
    return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(host, family);
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.+)\]$/, '$1');
}

/** The value is not repeated: it may hold a password. */
function proxyAddress(name: string, text: string): string {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const isSound = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (isSound && (address === text || /:\d+$/.test(text.replace(/\/$/, '')))) return address;
  throw configError(name, 'is not the address of a proxy', 'Give one like http://proxy.example.org:3128.');
}
