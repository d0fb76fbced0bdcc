/** What a `postgres://` URL says about TLS, in libpq's words: https://www.postgresql.org/docs/current/libpq-ssl.html */
export type UrlTls = {
  readonly mode: SslMode;
  /** A PEM file, `system` for the certificates that the machine trusts, or null. */
  readonly rootCertificate: string | null;
  /** PEM files with the client's own certificate and key. */
  readonly certificate: string | null;
  readonly key: string | null;
};

export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof sslModes)[number];

/** The parameters of a URL that name files. */
export const tlsFiles = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/** Throws RangeError where libpq would refuse; its message holds nothing of the URL but the name and mode of a parameter. */
export function tlsOfUrl(url: string): UrlTls {
  const given = parametersOf(url);
  const rootCertificate = given.get('sslrootcert') || null;
  const mode = modeOf(given, rootCertificate);
  const certificate = given.get('sslcert') || null;
  const key = given.get('sslkey') || null;
  if ((certificate === null) !== (key === null)) throw new RangeError('sslcert and sslkey belong together');
  return { mode, rootCertificate, certificate, key };
}

function modeOf(given: URLSearchParams, rootCertificate: string | null): SslMode {
  // As libpq does for the sake of JDBC's URLs.
  const jdbc = given.get('ssl') === 'true' ? 'require' : null;
  const wanted = given.get('sslmode') || jdbc || (rootCertificate === 'system' ? 'verify-full' : 'prefer');
  const mode = sslModes.find((name) => name === wanted);
  if (mode === undefined) throw new RangeError(`sslmode is one of ${sslModes.join(', ')}`);
  if (rootCertificate === 'system' && mode !== 'verify-full')
    throw new RangeError(`sslrootcert=system goes with sslmode=verify-full, not with ${mode}`);
  if (mode === 'verify-ca' && rootCertificate === null)
    throw new RangeError('sslmode=verify-ca needs the file of the CA in sslrootcert; verify-full does not');
  return mode;
}

/** True for the folder of a Unix socket in the place of a host. */
export function isSocketUrl(url: string): boolean {
  const host = parametersOf(url).get('host') || /^\w+:\/\/(?:[^@/?]*@)?([^:/?]*)/.exec(url)?.[1] || '';
  return /^(\/|%2f)/i.test(host);
}

/** The URL with some of its parameters changed; null takes one away. Everything else stays as it is written. */
export function withParameters(url: string, changes: Readonly<Record<string, string | null>>): string {
  const [base, query = ''] = splitUrl(url);
  const kept = query.split('&').filter((pair) => pair !== '' && !(nameOf(pair) in changes));
  const set = Object.entries(changes).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const pairs = [...kept, ...set].join('&');
  return pairs === '' ? base : `${base}?${pairs}`;
}

function parametersOf(url: string): URLSearchParams {
  return new URLSearchParams(splitUrl(url)[1] ?? '');
}

/** By hand: a URL without a host, for a Unix socket, is none to `new URL`. */
function splitUrl(url: string): [string, string?] {
  const at = url.indexOf('?');
  return at === -1 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

function nameOf(pair: string): string {
  return [...new URLSearchParams(pair).keys()][0] ?? '';
}
