import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { configError, SimvueError } from 'simvue-otel/errors';

/** Not public, or a tunnel whose other end may not be. IPv4 addresses in IPv6 form are compared with the IPv4 ranges. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv6');
}

const RANGE = /^([^/]+)(?:\/(\d{1,3}))?$/;

/** Which addresses messages may be sent to: public ones, and private ranges that the configuration lists. */
export class TargetCheck {
  readonly #allowed = new BlockList();

  /** @param ranges - `address/bits`. @throws SimvueError `SIMVUE_ERR_CONFIG` that names the range. */
  constructor(ranges: readonly string[]) {
    for (const [index, range] of ranges.entries()) {
      const [, address = '', bits] = RANGE.exec(range) ?? [];
      const family = isIP(address);
      const longest = family === 4 ? 32 : 128;
      const length = bits === undefined ? longest : Number(bits);
      if (family === 0 || length > longest) {
        throw configError(
          `allow_private_ranges[${index}]`,
          `"${range}" is not a range of addresses`,
          'Give for example 10.1.0.0/16',
        );
      }
      this.#allowed.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** As `dns.lookup`, for sockets: the address that was checked is the one that is used. */
  readonly lookup: LookupFunction = (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const refused = addresses.find(({ address }) => !this.isAllowed(address));
      if (refused === undefined) {
        if (options.all === true) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      } else callback(refusal(host, refused.address), []);
    });
  };

  /** @throws SimvueError `SIMVUE_ERR_FORBIDDEN` when the host of the address is itself a private address. */
  checkUrl(url: URL): void {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.isAllowed(host)) throw refusal(host, host);
  }

  isAllowed(address: string): boolean {
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    return !PRIVATE.check(address, family) || this.#allowed.check(address, family);
  }
}

function refusal(host: string, address: string): SimvueError {
  return new SimvueError(
    'SIMVUE_ERR_FORBIDDEN',
    `${host} is the private address ${address}: list its range in allow_private_ranges`,
  );
}
