import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file of the program, with what it imports. */
export type CodeFile = {
  /** From the root: `src/cli/run.ts`. */
  readonly path: string;
  readonly text: string;
  /** Paths from the root. */
  readonly files: readonly string[];
  /** npm packages and Node's own modules: `kysely`, `node:fs`. */
  readonly packages: readonly string[];
};

export async function codeFiles(folders: readonly string[]): Promise<CodeFile[]> {
  const files: CodeFile[] = [];
  for (const folder of folders) {
    const names = (await readdir(join(root, folder), { recursive: true })).filter((name) => name.endsWith('.ts')).toSorted();
    for (const name of names) files.push(codeFile(join(folder, name), await readFile(join(root, folder, name), 'utf8')));
  }
  return files;
}

/** TypeScript 7 has no parser to call, so imports are found by their fixed shape: one string after from, import or import(. */
export function codeFile(path: string, text: string): CodeFile {
  const specifiers = [
    ...text.matchAll(/^(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
  const isFile = (specifier: string) => specifier.startsWith('.');
  return {
    path,
    text,
    files: specifiers.filter(isFile).map((specifier) => relative('.', join(dirname(path), specifier))),
    packages: specifiers.filter((specifier) => !isFile(specifier)).map(packageName),
  };
}

function packageName(specifier: string): string {
  return specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
}
