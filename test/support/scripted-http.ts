import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { localhostCertificate, localhostKey } from './localhost-certificate.ts';

export type ReceivedRequest = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** What the server does with a request: an answer, nothing, a cut connection, an answer that stops in its text or never ends. */
export type Reaction = Answer | 'hang' | 'reset' | 'hang in the text' | 'endless' | ((request: ReceivedRequest) => Answer);

export type ScriptedHttp = {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** One for each of the next requests; the others get the usual answer. */
  readonly script: Reaction[];
  /** Connections that are open now. */
  readonly connections: () => number;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** A server on loopback that answers as it is told. */
export async function scriptedHttp(usual: (request: ReceivedRequest) => Answer, isTls = false): Promise<ScriptedHttp> {
  const requests: ReceivedRequest[] = [];
  const script: Reaction[] = [];
  const sockets = new Set<Socket>();
  const onRequest = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await received(incoming).catch(() => null);
    if (request === null) return;
    requests.push(request);
    react(script.shift() ?? usual, request, response);
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse) => void onRequest(incoming, response);
  const server = isTls
    ? createTlsServer({ key: localhostKey, cert: localhostCertificate }, listener)
    : createServer({ keepAlive: true }, listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script,
    connections: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function received(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return { method: incoming.method!, path: incoming.url!, headers, body: Buffer.concat(chunks).toString() };
}

function react(reaction: Reaction, request: ReceivedRequest, response: ServerResponse): void {
  if (reaction === 'hang') return;
  if (reaction === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (reaction === 'hang in the text') {
    response.writeHead(200, { 'content-length': '100' }).write('{"ok":true');
    return;
  }
  if (reaction === 'endless') {
    Readable.from(endless()).pipe(response.writeHead(200));
    return;
  }
  const { status, headers = {}, body = '' } = typeof reaction === 'function' ? reaction(request) : reaction;
  response.writeHead(status, headers).end(body);
}

function* endless(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(16_384, 'x');
}
