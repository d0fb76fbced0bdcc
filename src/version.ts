import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version that every record carries: the package's, and the commit when there is one: `0.1.0+abc1234`. */
export async function pipelineVersion(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const root = await packageRoot();
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const commit = env['RAILWAY_GIT_COMMIT_SHA'] ?? (await repositoryCommit(join(root, '.git')));
  return commit && /^[0-9a-f]{7,64}$/.test(commit) ? `${version}+${commit.slice(0, 7)}` : version;
}

/** The folder with package.json: one above src/, two above dist/src/. */
export async function packageRoot(): Promise<string> {
  const above = fileURLToPath(new URL('..', import.meta.url));
  const isSource = await readFile(join(above, 'package.json')).then(
    () => true,
    () => false,
  );
  return isSource ? above : join(above, '..');
}

/** The commit of HEAD, read from its files: git itself may not be installed. Null when there is no repository. */
async function repositoryCommit(git: string): Promise<string | null> {
  const read = (name: string) => readFile(join(git, name), 'utf8').catch(() => null);
  const head = (await read('HEAD'))?.trim();
  if (!head?.startsWith('ref: ')) return head ?? null;
  const ref = head.slice('ref: '.length);
  const loose = await read(ref);
  if (loose !== null) return loose.trim();
  const packed = (await read('packed-refs'))?.split('\n').find((line) => line.endsWith(` ${ref}`));
  return packed?.split(' ')[0] ?? null;
}
