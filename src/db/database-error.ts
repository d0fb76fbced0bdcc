import type { ErrorCode } from '../core/codes.ts';
import { ProjetusError } from '../core/errors.ts';

/** SQLSTATEs, https://www.postgresql.org/docs/current/errcodes-appendix.html, and the operating system's codes. */
const codeOf: Readonly<Record<string, ErrorCode>> = {
  '28000': 'credentials-wrong', // invalid_authorization_specification
  '28P01': 'credentials-wrong', // invalid_password
  '3D000': 'credentials-wrong', // invalid_catalog_name: no such database
  '42501': 'permission-missing', // insufficient_privilege
  '25006': 'permission-missing', // read_only_sql_transaction
  '53100': 'disk-full',
  '53200': 'database-unavailable', // out_of_memory
  '53300': 'database-unavailable', // too_many_connections
  '57P01': 'database-unavailable', // admin_shutdown
  '57P02': 'database-unavailable', // crash_shutdown
  '57P03': 'database-unavailable', // cannot_connect_now
  '57P05': 'database-unavailable', // idle_session_timeout
  '25P03': 'database-unavailable', // idle_in_transaction_session_timeout
  '57014': 'database-timeout', // query_canceled: statement_timeout, or a person
  '55P03': 'database-timeout', // lock_not_available: lock_timeout
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  ECONNREFUSED: 'database-unavailable',
  ECONNRESET: 'database-unavailable',
  ENOTFOUND: 'database-unavailable',
  EAI_AGAIN: 'database-unavailable',
  ETIMEDOUT: 'database-unavailable',
  EHOSTUNREACH: 'database-unavailable',
  ENETUNREACH: 'database-unavailable',
  ENOENT: 'database-unavailable', // no such Unix socket
  EPIPE: 'database-unavailable',
};

const hintOf: Partial<Record<ErrorCode, string>> = {
  'credentials-wrong': 'check user, password and database name in DATABASE_URL',
  'database-tls':
    'in DATABASE_URL, sslrootcert=FILE names the CA of a server of your own; sslmode=require verifies nothing, sslmode=disable encrypts nothing',
  'permission-missing': 'grant it to the role of DATABASE_URL, or use a role that owns the schema',
  'disk-full': 'free some space, then run again: nothing was published',
  'database-unavailable': 'check that the server runs and that DATABASE_URL names it, then run again: nothing was published',
  'database-timeout': 'another session may hold a lock on the tables; run again: nothing was published',
};

/** What a driver threw, as one of our errors. The connection's URL never occurs in it. */
export function databaseError(error: unknown, statement?: string): ProjetusError {
  if (error instanceof ProjetusError) return error;
  const first = error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error;
  const { code, message } = first as { code?: string; message?: string };
  const known = (code ? codeOf[code] : undefined) ?? codeOfMessage(code ?? '', message ?? '');
  if (known) {
    const hint = hintOf[known];
    return new ProjetusError(known, `Database: ${message}`, { cause: error, ...(hint ? { hint } : {}) });
  }
  const where = statement ? ` in: ${statement.slice(0, 200)}` : '';
  return new ProjetusError(
    'unexpected',
    `Database: ${withoutValues(code, message ?? String(error))}${code ? ` (SQLSTATE ${code})` : ''}${where}`,
    {
      cause: error,
    },
  );
}

/** What the server says of a value that it refuses (class 22, data exceptions) quotes it, and it may be a person's. */
function withoutValues(code: string | undefined, message: string): string {
  return code?.startsWith('22') ? message.replaceAll(/"[^]*"/g, '"…"') : message;
}

/** pg has plain messages, without a code, for what happens to the socket. */
function codeOfMessage(code: string, message: string): ErrorCode | null {
  if (isTlsFailure(code, message)) return 'database-tls';
  if (
    /connection terminated|connection ended|timeout expired|not queryable|closed the connection|connection error|establishing an SSL connection/i.test(
      message,
    )
  )
    return 'database-unavailable';
  if (/no space left on device|disk quota/i.test(message)) return 'disk-full';
  if (/password must be a string|no password|SASL/i.test(message)) return 'credentials-wrong';
  return null;
}

const certificateCodes =
  /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)/;

/** Codes of Node and OpenSSL; pg has a plain message for a server that declines. */
export function isTlsFailure(code: string, message: string): boolean {
  return certificateCodes.test(code) || message.includes('server does not support SSL');
}
