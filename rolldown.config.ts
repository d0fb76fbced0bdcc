import type { OutputOptions, RolldownOptions } from 'rolldown';

/**
 * The package that is made part of the program: it is 255 files, and finding and opening them was 0.13 of the 0.6 s that
 * `health` took, in every run too. The others are few files each, or are not always needed.
 */
export const bundled = 'kysely';

const config: RolldownOptions & { readonly output: OutputOptions } = {
  // The second is what a program in TypeScript imports: types, which tsc writes beside it.
  input: { 'bin/projetus': 'bin/projetus.ts', 'src/core/report': 'src/core/report.ts' },
  platform: 'node',
  logLevel: 'warn',
  external: (id) => /^[@\w]/.test(id) && id.split('/')[0] !== bundled,
  output: { dir: 'dist', chunkFileNames: 'src/[name].js' },
};

export default config;
