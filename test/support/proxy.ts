import { connect, createServer, type Server, type Socket } from 'node:net';

/** One connection through the proxy. */
export type Link = {
  /** Ends both sides at once. */
  readonly cut: () => void;
  /** Ends the client's side and leaves the server's open: what the server does next, nobody hears. */
  readonly cutClient: () => void;
  /** Nothing passes any more, and nobody is told: a network that swallows packets. */
  readonly swallow: () => void;
};

/** Sees every chunk before it goes on. Returning false keeps that chunk back. */
export type Watcher = {
  readonly toServer?: (chunk: Buffer, link: Link) => boolean;
  readonly toClient?: (chunk: Buffer, link: Link) => boolean;
};

/** A way to a server on which things go wrong when a test wants it. */
export type Proxy = {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** From now on nobody gets through; links that are open stay. */
  readonly close: () => void;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Opens a proxy on a free port of this machine to the server of `url`, which is reached over TCP. */
export async function openProxy(url: string, watcher: Watcher): Promise<Proxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false }, (client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    join(client, upstream, watcher);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.host = `127.0.0.1:${portOf(server)}`;
  return {
    url: own.href,
    close: () => void server.close(),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(client: Socket, server: Socket, watcher: Watcher): void {
  let isSwallowing = false;
  const link: Link = {
    cut: () => {
      client.resetAndDestroy();
      server.destroy();
    },
    cutClient: () => {
      server.removeAllListeners('close');
      client.removeAllListeners('close');
      client.resetAndDestroy();
    },
    swallow: () => {
      isSwallowing = true;
      client.pause();
      server.pause();
    },
  };
  const pass = (from: Socket, to: Socket, watch: Watcher['toServer']) => {
    from.on('data', (chunk: Buffer) => {
      if (watch?.(chunk, link) === false || isSwallowing || to.destroyed) return;
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => isSwallowing || from.resume());
    });
    from.on('error', () => undefined);
    from.on('close', () => isSwallowing || to.destroy());
  };
  pass(client, server, watcher.toServer);
  pass(server, client, watcher.toClient);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return address.port;
}

/** Whether the chunk ends with the message COMMIT, which is sent alone, after every answer has come. */
export function isCommit(chunk: Buffer): boolean {
  return chunk.subarray(-commitMessage.length).equals(commitMessage);
}

/** A simple query: its tag, its length, its text with a zero at the end. */
const commitMessage = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');
