import { leadsInside } from '../net/private-address.ts';
import type { Arriving, Connections } from '../net/download.ts';
import type { Order } from './orders.ts';
import { trouble, type Trouble } from './trouble.ts';

const maxRedirects = 5;
const redirects: readonly number[] = [301, 302, 303, 307, 308];

export type Way = {
  readonly connections: Connections;
  /** Redirects of public addresses to private ones are followed. */
  readonly mayRedirectInside: boolean;
  readonly signal: AbortSignal;
};

/**
 * Asks for an address, and for where it leads to: five times at most, never from https to http, never from outside to
 * inside, and with user and password for its own server only. Throws Trouble, and HttpFailure when there is no answer.
 */
export async function askAlong(order: Order, headers: Readonly<Record<string, string>>, way: Way): Promise<Arriving> {
  let url = order.url;
  let mayGoInside = true;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await way.connections.ask({ url, headers, mayGoInside }, way.signal);
    if (!redirects.includes(answer.status)) return answer;
    answer.drop();
    const next = target(order, url, answer.headers['location']);
    if (new URL(next).origin !== new URL(order.url).origin) {
      mayGoInside = way.mayRedirectInside || (await leadsInside(order.url));
    }
    url = next;
  }
  throw misled(order, `redirects more than ${maxRedirects} times`);
}

/** Where a redirect leads. Credentials of the same server go on; the ones that a server names are not used. */
function target(order: Order, from: string, location: string | undefined): string {
  if (location === undefined || !URL.canParse(location, from)) throw misled(order, 'redirects to nowhere');
  const next = new URL(location, from);
  if (next.protocol !== 'https:' && next.protocol !== 'http:') throw misled(order, 'redirects to what is no web address');
  if (next.protocol === 'http:' && new URL(from).protocol === 'https:') throw misled(order, 'redirects from https to http');
  const own = new URL(order.url);
  const isOwn = next.origin === own.origin;
  next.username = isOwn ? own.username : '';
  next.password = isOwn ? own.password : '';
  return next.href;
}

function misled(order: Order, what: string): Trouble {
  return trouble(order, 'download-misled', what, { hint: 'open the address in a browser; set "url" to where the file is' });
}
