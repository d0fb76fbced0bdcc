import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

/**
 * The package that is made part of the program: it is 255 files, and finding and opening them was 0.13 of the 0.6 s that
 * `health` took, in every run too. The others are few files each, or are not always needed.
 */
export const bundled = 'kysely';

/**
 * Writes the program into a folder, in half a second. By the library, since rolldown's command prints a line for each of a
 * hundred files.
 */
export async function bundle(folder: string): Promise<void> {
  await build({
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // The second is what a program in TypeScript imports: types, which tsc writes beside it.
    input: { 'bin/projetus': 'bin/projetus.ts', 'src/core/report': 'src/core/report.ts' },
    platform: 'node',
    logLevel: 'warn',
    external: (id) => /^[@\w]/.test(id) && id.split('/')[0] !== bundled,
    output: { dir: folder, chunkFileNames: 'src/[name].js' },
  });
}
