import { exitCodeMeanings } from '../core/exit-codes.ts';

/** The end of a command's help: examples, and the exit codes from their one table. */
export function helpEnd(examples: readonly string[]): string {
  const codes = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['', 'Examples:', ...examples.map((example) => `  ${example}`), '', 'Exit codes:', ...codes].join('\n');
}
