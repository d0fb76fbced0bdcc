import { ProjetusError } from '../core/errors.ts';

export type Address = { readonly host: string; readonly port: number };

/** Only programs of this machine, unless somebody asks for more. */
const loopback = '127.0.0.1';

/** Reads `[HOST:]PORT`: `8080`, `0.0.0.0:8080`, `[::1]:8080`. Port 0 is any that is free. Throws `usage`. */
export function readAddress(text: string): Address {
  const match = /^(?:(?:\[(?<ipv6>[\d:a-f.]+)\]|(?<name>[^\s:/[\]]+)):)?(?<port>\d{1,5})$/i.exec(text);
  const port = Number(match?.groups?.['port']);
  if (!match || port > 65_535) {
    throw new ProjetusError('usage', `--serve ${text} is not an address.`, {
      hint: 'write [HOST:]PORT, such as 8080, 0.0.0.0:8080 or [::1]:8080',
    });
  }
  return { host: match.groups?.['ipv6'] ?? match.groups?.['name'] ?? loopback, port };
}

/** As it stands in a URL. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
