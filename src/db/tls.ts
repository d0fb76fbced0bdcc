import { readFileSync } from 'node:fs';
import tls, { type ConnectionOptions } from 'node:tls';
import { isSocketUrl, tlsFiles, tlsOfUrl, withParameters, type UrlTls } from '../core/database-url.ts';
import { ProjetusError } from '../core/errors.ts';
import { isTlsFailure } from './database-error.ts';

/** Without TLS, or with what `tls.connect` is to check. */
export type Tls = false | ConnectionOptions;

/**
 * How libpq would try to connect, in order, and the URL without its parameters about TLS: pg reads them in ways of its
 * own (8.23 takes `require` for `verify-full`). Throws `config-invalid`, and `database-tls` for files that cannot be read.
 */
export function tlsAttempts(url: string): { readonly url: string; readonly attempts: readonly Tls[] } {
  const bare = withParameters(url, Object.fromEntries(['ssl', 'sslmode', ...tlsFiles].map((name) => [name, null])));
  // As libpq: a Unix socket has no TLS, whatever the mode.
  return { url: bare, attempts: isSocketUrl(url) ? [false] : attemptsOf(checkedTls(url)) };
}

function checkedTls(url: string): UrlTls {
  try {
    return tlsOfUrl(url);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ProjetusError('config-invalid', `The database's URL: ${cause.message}.`, { hint: 'correct DATABASE_URL', cause });
  }
}

function attemptsOf(wanted: UrlTls): Tls[] {
  if (wanted.mode === 'disable') return [false];
  const secure = { ...ownCertificate(wanted), ...verification(wanted) };
  if (wanted.mode === 'allow') return [false, secure];
  return wanted.mode === 'prefer' ? [secure, false] : [secure];
}

function ownCertificate({ certificate, key }: UrlTls): ConnectionOptions {
  return certificate === null ? {} : { cert: pem('sslcert', certificate), key: pem('sslkey', key!) };
}

/** A CA that is named is used in every mode; only `verify-full` asks whether the certificate is that of the host. */
function verification({ mode, rootCertificate }: UrlTls): ConnectionOptions {
  // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot take it away.
  const verified = { rejectUnauthorized: true, ...(rootCertificate === null ? {} : { ca: authorities(rootCertificate) }) };
  if (mode === 'verify-full') return verified;
  return rootCertificate === null ? { rejectUnauthorized: false } : { ...verified, checkServerIdentity: () => undefined };
}

/** `system` has Node's certificates too: a slim image brings none of its own. */
function authorities(rootCertificate: string): string[] {
  if (rootCertificate === 'system') return [...tls.getCACertificates('system'), ...tls.rootCertificates];
  return [pem('sslrootcert', rootCertificate)];
}

function pem(parameter: string, path: string): string {
  const text = readText(parameter, path);
  if (text.includes('-----BEGIN ')) return text;
  throw unreadable(parameter, path, 'it holds no PEM');
}

function readText(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(parameter, path, (cause as NodeJS.ErrnoException).code ?? 'unknown', cause);
  }
}

function unreadable(parameter: string, path: string, reason: string, cause?: unknown): ProjetusError {
  return new ProjetusError('database-tls', `${parameter}: ${path} cannot be used (${reason}).`, {
    hint: `name a PEM file with ${parameter}=FILE in DATABASE_URL; a relative path starts at the configuration`,
    file: path,
    cause,
  });
}

/** Where the other way of a mode with two may help. A server that is not there has no other way. */
export function mayTryAnotherWay(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  // 28000: pg_hba.conf lets in only the other kind.
  return code === '28000' || isTlsFailure(code, message) || tlsBroken.test(message);
}

/** What pg says of a server that answers neither yes nor no, and Node of one that hangs up in the middle. */
const tlsBroken = /establishing an SSL connection|before secure TLS connection was established/;
