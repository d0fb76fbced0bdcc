import { isIPv4 } from 'node:net';
import type { Channels } from '../../config/config.ts';
import type { Network } from '../../net/http.ts';
import { safeLine } from '../../net/safe-line.ts';
import { DeliveryError, type Channel, type Digest } from '../channel.ts';
import { mailOf } from './mail.ts';

type Email = NonNullable<Channels['email']>;

/** E-mail by SMTP, one connection for each. */
export function emailChannel(config: Email, network: Network): Channel {
  const password = config.pass === null ? null : withoutGroups(config.pass);
  const secrets = [config.pass ?? '', password ?? ''];
  const server = {
    host: config.smtpHost,
    port: config.smtpPort,
    ...tlsOptions(config),
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot take it away.
    tls: { rejectUnauthorized: true, ...(network.ca === null ? {} : { ca: network.ca }) },
    ...(config.user === null || password === null ? {} : { auth: { user: config.user, pass: password } }),
    connectionTimeout: network.timeoutMs,
    greetingTimeout: network.timeoutMs,
    socketTimeout: network.timeoutMs,
    dnsTimeout: network.timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return {
    name: 'email',
    send: async (digest, signal) => {
      // Not loaded by runs that have nothing to tell.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(server);
      try {
        const { response, rejected } = await transport.sendMail({ ...message(config, digest), signal });
        const refused = rejected.length === 0 ? '' : `; refused: ${rejected.join(', ')}`;
        return { answer: safeLine(`${lastLine(response)}${refused}`, secrets) };
      } catch (error) {
        throw deliveryError(error as SmtpError, signal, secrets);
      }
    },
  };
}

/**
 * TLS from the first byte on port 465, else STARTTLS, and no mail without it. In clear only what holds no password, and
 * only to this machine or where the configuration says `secure: false`.
 */
export function tlsOptions({ smtpHost, smtpPort, secure, pass }: Email): {
  readonly secure: boolean;
  readonly requireTLS: boolean;
  readonly ignoreTLS: boolean;
} {
  const fromFirstByte = secure === true || (secure === 'auto' && smtpPort === 465);
  const isHere = smtpHost === 'localhost' || smtpHost === '::1' || (isIPv4(smtpHost) && smtpHost.startsWith('127.'));
  const inClear = !fromFirstByte && pass === null && (secure === false || isHere);
  return { secure: fromFirstByte, requireTLS: !fromFirstByte && !inClear, ignoreTLS: inClear };
}

/** Google shows an app password as four groups of four letters; the blanks are not part of it. */
function withoutGroups(password: string): string {
  return /^[a-z]{4}(\s[a-z]{4}){3}$/.test(password) ? password.replaceAll(/\s/g, '') : password;
}

function message({ from, to }: Email, digest: Digest) {
  const { subject, text, html, headers } = mailOf(digest, from);
  return { from, to: [...to], subject, text, html, headers };
}

type SmtpError = Error & { readonly code?: string; readonly response?: string; readonly responseCode?: number };

/** 4xx passes, 5xx does not; a login that fails without a code (no common mechanism) does not either. */
function deliveryError(error: SmtpError, signal: AbortSignal, secrets: readonly string[]): DeliveryError {
  if (signal.aborted) return new DeliveryError('email: interrupted');
  const { code, response, responseCode } = error;
  // Of STARTTLS the answer alone ("command not recognized") says nothing.
  const isAnswer = response !== undefined && code !== 'ETLS';
  const said = isAnswer ? `the server answered ${lastLine(response)}` : `${error.message} (${code ?? 'unknown'})`;
  return new DeliveryError(safeLine(`email: ${said}`, secrets), {
    isPermanent: responseCode ? responseCode >= 500 : code === 'EAUTH',
  });
}

function lastLine(response: string): string {
  return response.trim().split(/\r?\n/).at(-1)!;
}
