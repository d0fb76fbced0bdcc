import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What a filter on addresses throws: `code` of the error that a connection ends with. */
export const privateAddressCode = 'EPRIVATE';

const ranges: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'], // this machine
  ['10.0.0.0', 8, 'ipv4'], // RFC 1918
  ['100.64.0.0', 10, 'ipv4'], // behind a carrier's NAT; Alibaba's metadata
  ['127.0.0.0', 8, 'ipv4'], // loopback
  ['169.254.0.0', 16, 'ipv4'], // link-local; the metadata of AWS, Azure and Google
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'], // IETF protocols; Oracle's metadata
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'], // benchmarks
  ['224.0.0.0', 4, 'ipv4'], // multicast
  ['240.0.0.0', 4, 'ipv4'], // reserved, broadcast
  ['::', 127, 'ipv6'], // nobody, and loopback
  ['64:ff9b::', 96, 'ipv6'], // IPv4 through NAT64
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'], // IPv4 through 6to4
  ['fc00::', 7, 'ipv6'], // RFC 4193
  ['fe80::', 10, 'ipv6'], // link-local
  ['ff00::', 8, 'ipv6'], // multicast
];

const blocked = new BlockList();
for (const [network, prefix, family] of ranges) blocked.addSubnet(network, prefix, family);

/** Whether an IP address is one that the public network does not reach. IPv4 written as IPv6 is what it means. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  return blocked.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** The host of an address, when it is an IP address; null for a name. */
export function literalAddress(url: string): string | null {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : host;
}

/** Whether an address leads into a private network: as it stands, or as its name is looked up now. */
export async function leadsInside(url: string): Promise<boolean> {
  const literal = literalAddress(url);
  if (literal !== null) return isPrivateAddress(literal);
  return new Promise((resolve) => {
    lookup(new URL(url).hostname, { all: true }, (_error, found) =>
      resolve((found ?? []).some(({ address }) => isPrivateAddress(address))),
    );
  });
}

/**
 * Looks up names for a connection, and fails for one with a private address. In the connection itself, since a name that
 * was looked up before may have another address a moment later.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, []);
    if (found.some(({ address }) => isPrivateAddress(address))) {
      return callback(Object.assign(new Error('a private address'), { code: privateAddressCode }), []);
    }
    if (options.all) return callback(null, found);
    callback(null, found[0]!.address, found[0]!.family);
  });
};
