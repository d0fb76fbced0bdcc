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
  /** The files and packages that are loaded with it: without types, and without what it imports when it runs. */
  readonly eager: readonly string[];
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
  const statements = [
    ...text.matchAll(/^(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm),
  ];
  const imports = statements.map(([statement, from, alone, lazy]) => {
    const name = nameOf(path, (from ?? alone ?? lazy)!);
    return { ...name, isEager: lazy === undefined && !/^(import|export) type\b/.test(statement) };
  });
  return {
    path,
    text,
    files: imports.filter(({ isFile }) => isFile).map(({ name }) => name),
    packages: imports.filter(({ isFile }) => !isFile).map(({ name }) => name),
    eager: imports.filter(({ isEager }) => isEager).map(({ name }) => name),
  };
}

function nameOf(path: string, specifier: string): { readonly name: string; readonly isFile: boolean } {
  if (specifier.startsWith('.')) return { name: relative('.', join(dirname(path), specifier)), isFile: true };
  return { name: packageName(specifier), isFile: false };
}

function packageName(specifier: string): string {
  return specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
}
