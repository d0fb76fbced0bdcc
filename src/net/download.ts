import { agentOptions, type Way } from './agent.ts';
import { authorization, failure, flat, HttpFailure } from './http.ts';
import { isPrivateAddress, literalAddress, privateAddressCode, publicLookup } from './private-address.ts';

/** How files are fetched: who we are, whom we trust, how long we wait. */
export type Line = Way & {
  /** `projetus/0.1.0+abc1234`. */
  readonly userAgent: string;
  readonly connectMs: number;
  /** Without a byte of the answer. */
  readonly idleMs: number;
};

export type Asking = {
  /** User and password in it are sent as basic authentication. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** False: an address inside of our network is not connected to, and `isPrivate` says so. */
  readonly mayGoInside: boolean;
};

/** An answer whose body is still to come. Nobody may leave it unread: call `drop`, or read it to its end. */
export type Arriving = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Throws HttpFailure when it breaks off, or when nothing comes for `idleMs`. */
  readonly body: AsyncIterable<Buffer>;
  readonly drop: () => void;
};

export type Connections = AsyncDisposable & {
  /** One exchange; redirects are not followed. Throws HttpFailure when there is no answer. */
  readonly ask: (asking: Asking, signal: AbortSignal) => Promise<Arriving>;
};

/** One connection to each host, kept between requests. Through a proxy, only the proxy looks names up. */
export async function openConnections(line: Line): Promise<Connections> {
  // Not loaded by runs that fetch nothing.
  const { EnvHttpProxyAgent, request: dispatch } = await import('undici');
  const limits = { connections: 1, headersTimeout: line.idleMs, bodyTimeout: line.idleMs };
  const anywhere = new EnvHttpProxyAgent({ ...limits, ...agentOptions(line, line.connectMs) });
  const outside = new EnvHttpProxyAgent({ ...limits, ...agentOptions(line, line.connectMs, { lookup: publicLookup }) });
  return {
    ask: async ({ url, headers, mayGoInside }, signal) => {
      try {
        if (!mayGoInside) refuseInside(url);
        const sent = { 'user-agent': line.userAgent, 'accept-encoding': 'identity', ...authorization(url), ...headers };
        const dispatcher = mayGoInside ? anywhere : outside;
        const answer = await dispatch(bare(url), { method: 'GET', headers: sent, dispatcher, signal });
        return {
          status: answer.statusCode,
          headers: flat(answer.headers),
          body: chunksOf(answer.body as AsyncIterable<Buffer>),
          // What it says is in its status; a body that fails afterwards has nobody to tell.
          drop: () => answer.body.on('error', () => undefined).destroy(),
        };
      } catch (error) {
        throw asFailure(error);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([anywhere.destroy(), outside.destroy()]);
    },
  };
}

/** Whether a connection was not made, or not trusted, since its certificate cannot be verified. */
export function isUntrusted({ code }: HttpFailure): boolean {
  return /^(CERT_|ERR_TLS_CERT|UNABLE_TO_(GET|VERIFY|DECRYPT)|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/.test(
    code ?? '',
  );
}

/** Whether a connection was not made since it would have led inside. */
export function isPrivate({ code }: HttpFailure): boolean {
  return code === privateAddressCode;
}

function refuseInside(url: string): void {
  const literal = literalAddress(url);
  if (literal === null || !isPrivateAddress(literal)) return;
  throw new HttpFailure('a private address', true, privateAddressCode);
}

/** Without user and password, which are in a header: nothing that undici throws can repeat them. */
function bare(url: string): string {
  const address = new URL(url);
  address.username = '';
  address.password = '';
  address.hash = '';
  return address.href;
}

async function* chunksOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw asFailure(error);
  }
}

/** An agent of several addresses (happy eyeballs) wraps what went wrong with each. */
function asFailure(error: unknown): HttpFailure {
  if (error instanceof HttpFailure) return error;
  const first = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error;
  return failure(first);
}
