import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { localhostCertificate, localhostKey } from './localhost-certificate.ts';

export type Served = { readonly body: Buffer; readonly etag: string | null; readonly modified: string | null };

export type Asked = { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly status: number };

/** What happens to a request instead of the usual answer; `serve` gives that all the same. */
export type Fault = (response: ServerResponse, serve: (change?: Change) => void, request: IncomingMessage) => void;

/** How an answer differs from the usual one. */
export type Change = {
  /** Cuts the connection after so many bytes of the body, once they have arrived. */
  readonly cutAfter?: number;
  /** Sends so many bytes of the body, and nothing more. */
  readonly stopAfter?: number;
  /** What Content-Length says. */
  readonly length?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Waits before each tenth of the body. */
  readonly pauseMs?: number;
};

export type FileServer = {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: Asked[];
  /** One for each of the next requests; the others get the usual answer. */
  readonly faults: Fault[];
  readonly put: (path: string, body: Buffer | string, options?: { etag?: string | null; modified?: string | null }) => void;
  readonly remove: (path: string) => void;
  /** The most connections that were open at one time. */
  readonly mostConnections: () => number;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Waits until so many bytes of a file are where they should go: what is cut before is lost on the way. */
export type Arrival = (bytes: number) => Promise<void>;

/** A file server on loopback as object stores are: ETag, Last-Modified, conditions, ranges. It does what it is told. */
export async function fileServer(isTls = false, arrival: Arrival = () => Promise.resolve()): Promise<FileServer> {
  const files = new Map<string, Served>();
  const requests: Asked[] = [];
  const faults: Fault[] = [];
  const sockets = new Set<Socket>();
  let most = 0;
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    response.on('close', () => requests.push({ path: request.url!, headers, status: response.statusCode }));
    const serve = (change: Change = {}) =>
      answer(files.get(new URL(request.url!, 'http://x').pathname), request, response, change, arrival);
    const fault = faults.shift();
    if (fault) fault(response, serve, request);
    else serve();
  };
  const server = isTls ? createTlsServer({ key: localhostKey, cert: localhostCertificate }, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    put: (path, body, { etag, modified = 'Fri, 20 Nov 2026 11:18:29 GMT' } = {}) => {
      const bytes = Buffer.from(body);
      const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      files.set(path, { body: bytes, etag: etag === undefined ? `"${digest}"` : etag, modified });
    },
    remove: (path) => void files.delete(path),
    mostConnections: () => most,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  served: Served | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  change: Change,
  arrival: Arrival,
): void {
  if (!served) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not found</html>');
  const { body, etag, modified } = served;
  const about = {
    date: 'Fri, 20 Nov 2026 12:00:00 GMT',
    ...(etag === null ? {} : { etag }),
    ...(modified === null ? {} : { 'last-modified': modified }),
    ...change.headers,
  };
  if (isUnchanged(served, request)) return void response.writeHead(304, about).end();
  const start = rangeStart(served, request);
  if (start !== null && start >= body.length) return void response.writeHead(416, about).end();
  const piece = body.subarray(start ?? 0);
  const range = start === null ? {} : { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` };
  response.writeHead(start === null ? 200 : 206, { 'content-length': String(change.length ?? piece.length), ...range, ...about });
  void send(response, piece, change, (bytes) => arrival((start ?? 0) + bytes));
}

async function send(response: ServerResponse, piece: Buffer, change: Change, arrival: Arrival): Promise<void> {
  const { cutAfter, stopAfter, pauseMs } = change;
  if (stopAfter !== undefined) return void response.write(piece.subarray(0, stopAfter));
  if (cutAfter !== undefined) {
    // With nothing to send, the headers alone go out.
    if (cutAfter === 0) response.flushHeaders();
    else response.write(piece.subarray(0, cutAfter));
    await arrival(cutAfter);
    return void response.socket?.destroy();
  }
  if (pauseMs === undefined) return void response.end(piece);
  for (let part = 0; part < 10; part++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (response.destroyed) return;
    response.write(piece.subarray(Math.floor((piece.length * part) / 10), Math.floor((piece.length * (part + 1)) / 10)));
  }
  response.end();
}

function isUnchanged({ etag, modified }: Served, { headers }: IncomingMessage): boolean {
  if (headers['if-none-match'] !== undefined) return headers['if-none-match'] === etag;
  return modified !== null && headers['if-modified-since'] === modified;
}

function rangeStart({ etag, modified }: Served, { headers }: IncomingMessage): number | null {
  const match = /^bytes=(\d+)-$/.exec(headers.range ?? '');
  const condition = headers['if-range'];
  return match && (condition === undefined || condition === etag || condition === modified) ? Number(match[1]) : null;
}
