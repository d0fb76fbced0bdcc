import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** A proxy of HTTP that tunnels. `asked`: the hosts that it was asked for, and who it was told that we are. */
export type ProxyTunnel = AsyncDisposable & { readonly url: string; readonly asked: { host: string; as: string | undefined }[] };

export async function proxyTunnel(): Promise<ProxyTunnel> {
  const asked: ProxyTunnel['asked'] = [];
  const server: Server = createServer();
  server.on('connect', (request, socket) => {
    asked.push({ host: request.url!, as: request.headers['proxy-authorization'] });
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => void (await new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close };
}
