import { safeLine } from './safe-line.ts';

/** An address as it may be shown and stored: without user and password, and with *** for its query. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return 'an address that is none';
  const { origin, pathname, search } = new URL(url);
  return safeLine(`${origin}${pathname}${search === '' ? '' : '?***'}`, []);
}
