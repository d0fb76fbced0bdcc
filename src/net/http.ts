import type { Dispatcher } from 'undici';
import { agentOptions, type Way } from './agent.ts';

/** What every exchange with a service is made with. */
export type Network = Way & {
  /** `projetus/0.1.0+abc1234`. */
  readonly userAgent: string;
  /** For an exchange as a whole; SMTP has it for each of its steps. */
  readonly timeoutMs: number;
};

export type HttpRequest = {
  /** User and password in it are sent as basic authentication. */
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
};

export type HttpAnswer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The first 64 kB. */
  readonly body: string;
};

/** There was no answer. The message holds nothing of the request: an address may be a secret. */
export class HttpFailure extends Error {
  /** The address or a header is not valid: another try will not help. */
  readonly isPermanent: boolean;
  /** The system's or undici's name for it; null where it is not theirs. */
  readonly code: string | null;

  constructor(message: string, isPermanent: boolean, code: string | null = null) {
    super(message);
    this.name = 'HttpFailure';
    this.isPermanent = isPermanent;
    this.code = code;
  }
}

const connectTimeoutMs = 5000;
const longestAnswerBytes = 64 * 1024;

/** One exchange, on a connection of its own. Redirects are not followed. Throws HttpFailure when there is no answer. */
export async function httpRequest(network: Network, request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  // Most runs ask nobody: 110 files that only those wait for who do.
  const { EnvHttpProxyAgent, request: dispatch } = await import('undici');
  const timeout = AbortSignal.timeout(network.timeoutMs);
  const agent = new EnvHttpProxyAgent(agentOptions(network, Math.min(connectTimeoutMs, network.timeoutMs)));
  try {
    const either = AbortSignal.any([signal, timeout]);
    const answer = await dispatch(request.url, { ...options(network, request), dispatcher: agent, signal: either });
    const body = await beginning(answer.body);
    signal.throwIfAborted();
    return { status: answer.statusCode, headers: flat(answer.headers), body };
  } catch (error) {
    if (signal.aborted) throw new HttpFailure('interrupted', false);
    if (timeout.aborted) throw new HttpFailure(`no answer within ${network.timeoutMs / 1000} s`, false);
    // Not as a cause: undici's errors and Node's hold the address.
    throw failure(error);
  } finally {
    await agent.destroy();
  }
}

function options(network: Network, { url, method, headers, body }: HttpRequest) {
  return { method, body, headers: { 'user-agent': network.userAgent, ...authorization(url), ...headers } };
}

/** User and password of an address, as basic authentication. Throws URIError for what is not encoded as it must be. */
export function authorization(url: string): Record<string, string> {
  const { username, password } = new URL(url);
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return username + password === '' ? {} : { authorization: `Basic ${credentials}` };
}

/** The status says whether a request was taken, so that an answer that breaks off in its text is an answer. */
async function beginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= longestAnswerBytes) break;
    }
  } catch {
    // What came is kept.
  }
  return Buffer.concat(chunks).toString('utf8', 0, longestAnswerBytes);
}

export function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return Object.fromEntries(entries);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'the name of the server is not known',
  EAI_AGAIN: 'the name of the server cannot be looked up',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'nothing came any more',
  UND_ERR_PRX_CONN: 'the proxy did not let it pass',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the text is not as long as was said',
  HPE_INVALID_EOF_STATE: 'connection closed',
  CERT_HAS_EXPIRED: 'the certificate of the server has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the server is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the server is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the server is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is that of another server',
};

/** What undici or Node threw, without the address that their errors hold. */
export function failure(error: unknown): HttpFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (error instanceof URIError || code === 'ERR_INVALID_URL' || code === 'UND_ERR_INVALID_ARG') {
    return new HttpFailure('the address or a header is not valid', true, code);
  }
  return new HttpFailure(connectionProblem(code), false, code);
}

/** Why a connection failed, from its code; no name of a server is in it. */
export function connectionProblem(code: string): string {
  return `${reasons[code] ?? 'the request failed'} (${code})`;
}
