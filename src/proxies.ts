import { configError } from './errors.ts';

/** Proxies for addresses that are not on this machine, as undici names them. */
export interface Proxies {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
}

const OPTIONS = [
  ['httpProxy', 'http_proxy', 'HTTP_PROXY'],
  ['httpsProxy', 'https_proxy', 'HTTPS_PROXY'],
] as const;

/**
 * The proxies on the way to an address; `host:port` means `http://host:port`, as other programs read it.
 *
 * @returns undefined when there are none, and for this machine.
 * @throws `SIMVUE_ERR_CONFIG` that names the variable.
 */
export function proxiesFor(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
): Proxies | undefined {
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)) return undefined;
  const proxies: Record<string, string> = {};
  for (const [option, ...names] of OPTIONS) {
    const name = names.find((each) => (environment[each]?.trim() ?? '') !== '');
    if (name !== undefined) proxies[option] = proxyAddress(name, environment[name]?.trim() ?? '');
  }
  return Object.keys(proxies).length === 0 ? undefined : proxies;
}

/** The value is not repeated: it may hold a password. */
function proxyAddress(name: string, text: string): string {
  const address = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const isSound = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  if (isSound && (address === text || /:\d+$/.test(text.replace(/\/$/, '')))) return address;
  throw configError(name, 'is not the address of a proxy', 'Give one like http://proxy.example.org:3128.');
}
