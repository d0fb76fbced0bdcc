import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { localhostCertificate, localhostKey } from './localhost-certificate.ts';
import { readMail, type ReadMail } from './read-mail.ts';

/** What the server does with the next message, or with the login before it. */
export type SmtpReaction =
  'hang' | 'reset' | { readonly at: 'login' | 'recipient' | 'data'; readonly code: number; readonly text: string };

export type ReceivedMail = ReadMail & { readonly to: readonly string[]; readonly isSecure: boolean };

export type ScriptedSmtp = {
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Passwords that somebody tried, and whether the connection was encrypted. */
  readonly logins: { readonly user: string; readonly password: string; readonly isSecure: boolean }[];
  readonly script: SmtpReaction[];
  /** Connections that are open now. */
  readonly connections: () => number;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

type Options = {
  /** TLS from the first byte. */
  readonly isSecure?: boolean;
  readonly hasStartTls?: boolean;
  /** Null: nobody has to log in. */
  readonly password?: string | null;
};

/** A mail server on loopback with STARTTLS and logins that does as it is told. */
export async function scriptedSmtp({ isSecure = false, hasStartTls = true, password = null }: Options): Promise<ScriptedSmtp> {
  const mails: ReceivedMail[] = [];
  const logins: ScriptedSmtp['logins'] = [];
  const script: SmtpReaction[] = [];
  const options: SMTPServerOptions = {
    key: localhostKey,
    cert: localhostCertificate,
    secure: isSecure,
    disabledCommands: [...(hasStartTls ? [] : ['STARTTLS']), ...(password === null ? ['AUTH'] : [])],
    // So that a client that would send a password in clear is seen.
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN'],
    closeTimeout: 10,
    onConnect: (_session, done) => {
      if (script[0] === 'hang') script.shift();
      else done();
    },
    onAuth: (auth, session, done) => {
      logins.push({ user: auth.username ?? '', password: auth.password ?? '', isSecure: session.secure });
      const error = scripted('login');
      if (error) done(error);
      else if (auth.password !== password) done(refusal(535, `5.7.8 Username and Password not accepted`));
      else done(null, { user: auth.username });
    },
    onRcptTo: (_address, _session, done) => done(scripted('recipient')),
    onData: (stream, session, done) => {
      const take = async () => {
        const bytes = await buffer(stream);
        const error = scripted('data');
        if (error) return done(error);
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ ...readMail(bytes.toString('latin1')), to, isSecure: session.secure });
        return done(null, `OK queued as ${mails.length}`);
      };
      void take();
    },
  };
  const scripted = (at: 'login' | 'recipient' | 'data') => {
    const next = script[0];
    if (typeof next !== 'object' || next.at !== at) return null;
    script.shift();
    return refusal(next.code, next.text);
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    if (script[0] !== 'reset') return;
    script.shift();
    socket.resetAndDestroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    script,
    connections: () => server.connections.size,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function refusal(responseCode: number, text: string): Error {
  // The library answers with several lines where the message is an array.
  const message = text.includes('\n') ? { message: text.split('\n') } : {};
  return Object.assign(new Error(text), { responseCode }, message);
}
