import { describe, expect, it } from 'vitest';
import { errorOf, loadText, minimal } from './load-text.ts';

const text = `${minimal}database: { url: "\${DATABASE_URL}" }\n`;

/** The URL that a configuration ends up with; FOLDER is that of the configuration. */
async function urlFrom(url: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { database, directory } = await loadText(text, { DATABASE_URL: url, ...env });
  return database.url.replaceAll(encodeURIComponent(directory), 'FOLDER').replaceAll(directory, 'FOLDER');
}

describe('the URL of the database', () => {
  it.each([
    ['stays as it is', 'postgres://a:b%2Fc@h:1/d?application_name=x%20y', 'postgres://a:b%2Fc@h:1/d?application_name=x%20y'],
    [
      'starts the CA at the configuration',
      'postgres://h/d?sslmode=verify-ca&sslrootcert=ca.pem',
      'postgres://h/d?sslmode=verify-ca&sslrootcert=FOLDER%2Fca.pem',
    ],
    ['leaves a CA alone that is no file', 'postgres://h/d?sslrootcert=system', 'postgres://h/d?sslrootcert=system'],
    ['is a folder', 'pglite:data/db', 'pglite:FOLDER/data/db'],
  ])('%s', async (_, url, expected) => {
    expect(await urlFrom(url)).toBe(expected);
  });

  it.each([
    ['postgres://h/d', { PGSSLMODE: 'verify-full' }, 'postgres://h/d?sslmode=verify-full'],
    ['postgres://h/d?sslmode=disable', { PGSSLMODE: 'verify-full' }, 'postgres://h/d?sslmode=disable'],
    ['postgres://h/d?x=1', { PGSSLROOTCERT: '/etc/ca.pem' }, 'postgres://h/d?x=1&sslrootcert=%2Fetc%2Fca.pem'],
    ['pglite:/data/db', { PGSSLMODE: 'require' }, 'pglite:/data/db'],
  ])('takes what it does not say from the environment, as libpq: %s with %o', async (url, env, expected) => {
    expect(await urlFrom(url, env)).toBe(expected);
  });

  it.each([
    ['sslmode=verify', 'sslmode is one of disable, allow, prefer, require, verify-ca, verify-full'],
    ['sslmode=no-verify', 'sslmode is one of disable, allow, prefer, require, verify-ca, verify-full'],
    ['sslmode=verify-ca', 'sslmode=verify-ca needs the file of the CA in sslrootcert; verify-full does not'],
    ['sslmode=require&sslrootcert=system', 'sslrootcert=system goes with sslmode=verify-full, not with require'],
    ['sslcert=own.pem', 'sslcert and sslkey belong together'],
  ])('is refused where libpq would refuse it: %s', async (parameters, message) => {
    const error = await errorOf(text, { DATABASE_URL: `postgres://u:canary@h/d?${parameters}` });
    expect(error).toMatchObject({ code: 'config-invalid', line: 2 });
    expect(error.message).toBe(`config.yaml:2:18: database.url: \${DATABASE_URL}: ${message}`);
  });
});
