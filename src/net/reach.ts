import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectionProblem } from './http.ts';

export type Server = { readonly host: string; readonly port: number; readonly isTls: boolean };

/**
 * Connects to a server and hangs up; with TLS its certificate is checked. Nothing is sent but what TLS needs. Returns why
 * it cannot be reached, without the server's name, or null.
 */
export function unreachable({ host, port, isTls }: Server, ca: string | null, timeoutMs: number): Promise<string | null> {
  if (host === '') return Promise.resolve('the address is not valid');
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const socket = isTls
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...(ca === null ? {} : { ca }) })
    : connect({ host, port });
  const end = (reason: string | null) => {
    socket.destroy();
    resolve(reason);
  };
  socket.setTimeout(timeoutMs, () => end(`no connection within ${timeoutMs / 1000} s`));
  socket.once(isTls ? 'secureConnect' : 'connect', () => end(null));
  socket.on('error', (error: NodeJS.ErrnoException) => end(connectionProblem(error.code ?? 'unknown')));
  return promise;
}
