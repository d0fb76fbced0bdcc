import type { ErrorCode } from '../core/codes.ts';
import { ProjetusError } from '../core/errors.ts';
import { isPrivate, isUntrusted, type Arriving } from '../net/download.ts';
import { HttpFailure } from '../net/http.ts';
import { mayPass, retryAfterMs } from '../net/retry-later.ts';
import type { Order } from './orders.ts';

/** Why a try brought no file, and whether another one may. */
export class Trouble extends Error {
  readonly error: ProjetusError;
  /** once: what came was damaged, which a second time is the publisher's doing. */
  readonly retry: 'yes' | 'once' | 'no';
  /** What the server asks to wait. */
  readonly waitMs: number | null;

  constructor(error: ProjetusError, retry: Trouble['retry'], waitMs: number | null = null) {
    super(error.message);
    this.error = error;
    this.retry = retry;
    this.waitMs = waitMs;
  }
}

type Said = { readonly hint: string; readonly retry?: Trouble['retry']; readonly waitMs?: number | null };

/** About one address; `what` follows its name in the message. */
export function trouble(
  { shown, name }: Pick<Order, 'shown' | 'name'>,
  code: ErrorCode,
  what: string,
  { hint, retry = 'no', waitMs }: Said,
): Trouble {
  return new Trouble(new ProjetusError(code, `${shown} ${what}`, { hint, file: name }), retry, waitMs);
}

const laterHint =
  'run again later: it goes on where this try stopped; look at the network and the proxy; --no-fetch runs with the files that are there';

/** An answer that is no file. */
export function refusedTrouble(order: Order, answer: Pick<Arriving, 'status' | 'headers'>): Trouble {
  const { status } = answer;
  if (mayPass(status)) {
    const waitMs = retryAfterMs(answer);
    const wish = waitMs === null ? '' : ` and asks to wait ${Math.ceil(waitMs / 1000)} s`;
    return trouble(order, 'download-failed', `answered ${status}${wish}`, { hint: laterHint, retry: 'yes', waitMs });
  }
  const hint = status === 401 || status === 403 ? forbidden : 'open the address in a browser to see what it says';
  if (status !== 404 && status !== 410) return trouble(order, 'download-refused', `answered ${status}`, { hint });
  return trouble(order, 'download-missing', `answered ${status}`, {
    hint: 'the publisher may have moved the file: open the site in a browser, and correct "url"',
  });
}

const forbidden =
  'the address wants a user and password that are right (https://USER:PASSWORD@…), or does not let this machine in';

/** A connection that failed, or broke off. */
export function failedTrouble(order: Order, failure: HttpFailure): Trouble {
  if (isPrivate(failure)) return insideTrouble(order);
  if (isUntrusted(failure)) {
    const hint = 'behind a proxy that opens TLS, name its certificate in NODE_EXTRA_CA_CERTS; else ask the publisher';
    return trouble(order, 'download-untrusted', `cannot be trusted: ${failure.message}`, { hint });
  }
  const retry = failure.isPermanent ? 'no' : 'yes';
  return trouble(order, 'download-failed', `could not be fetched: ${failure.message}`, { hint: laterHint, retry });
}

export function insideTrouble(order: Order): Trouble {
  const hint = 'if that is right, set extraction.download.private_redirects: true; else tell the publisher';
  return trouble(order, 'download-misled', 'redirects to an address inside of a private network', { hint });
}

export function slowTrouble(order: Order, minutes: number): Trouble {
  const hint = `${laterHint}; extraction.download.timeout_minutes sets the limit`;
  return trouble(order, 'download-failed', `did not come within ${minutes} minutes`, { hint });
}

export function largeTrouble(order: Order, maxBytes: number): Trouble {
  const hint = 'look what is served there; extraction.download.max_mb sets the limit';
  return trouble(order, 'download-too-large', `has more than ${Math.floor(maxBytes / 1024 / 1024)} MB`, { hint });
}

/** What is wrong with a file that came whole. Only damage may be gone with the next try. */
export function contentTrouble(error: ProjetusError): Trouble {
  const isDamage = error.code === 'source-truncated' || error.code === 'source-unreadable';
  return new Trouble(error, isDamage ? 'once' : 'no');
}
