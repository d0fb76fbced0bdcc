import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProjetusError } from '../core/errors.ts';
import { hostInUrl, type Address } from './address.ts';

export type Page = { readonly status: number; readonly contentType: string; readonly text: string };

/** What is served, by path. */
export type Pages = Readonly<Record<string, () => Promise<Page>>>;

export type ServeJob = {
  readonly address: Address;
  readonly pages: Pages;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly onListening: (url: string) => void;
  /** A bug: a page answers, whatever it has to say. */
  readonly onFailure: (error: unknown) => void;
};

/** A probe sends a few hundred bytes at once. Who sends more, or slowly, is cut off. */
const limits = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  // How often the two are looked at; by default every 30 s.
  connectionsCheckingInterval: 1_000,
} as const;
const maxConnections = 64;

/** Serves the pages to GET and HEAD until the signal. Throws `usage` when the address cannot be had. */
export async function serve({ address, pages, signal, onListening, onFailure }: ServeJob): Promise<void> {
  const server = createServer(limits, (request, response) => {
    answer(pages, request)
      .catch((error: unknown) => {
        if (!signal.aborted) onFailure(error);
        return textPage(500, 'a bug in projetus');
      })
      .then((page) => send(request, response, page), onFailure);
  });
  server.maxConnections = maxConnections;
  await listen(server, address);
  const { port } = server.address() as AddressInfo;
  onListening(`http://${hostInUrl(address.host)}:${port}`);
  if (!signal.aborted) await once(signal, 'abort');
  server.close();
  server.closeAllConnections();
}

async function listen(server: Server, { host, port }: Address): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const where = `${hostInUrl(host)}:${port}`;
    const reason = code === 'EADDRINUSE' ? 'another program listens there' : message;
    throw new ProjetusError('usage', `--serve ${where} cannot be served: ${reason}.`, {
      hint: 'choose another port or host',
      cause,
    });
  }
}

async function answer(pages: Pages, request: IncomingMessage): Promise<Page> {
  const path = request.url?.split('?', 1)[0] ?? '';
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (!page) return textPage(404, `there is ${Object.keys(pages).join(', ')}`);
  // Uptime monitors like to ask with HEAD.
  if (request.method !== 'GET' && request.method !== 'HEAD') return textPage(405, 'only GET');
  return page();
}

export function textPage(status: number, text: string): Page {
  return { status, contentType: 'text/plain; charset=utf-8', text: `${text}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, { status, contentType, text }: Page): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A body that nobody wants is not read to its end.
    connection: 'close',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
