import { exitCodeMeanings } from '../core/exit-codes.ts';

/** The beginning of a command's help: what people come for. */
export function examplesFirst(examples: readonly string[]): string {
  return ['Examples:', ...examples.map((example) => `  ${example}`), ''].join('\n');
}

/** The end of every command's help: the exit codes from their one table. */
export function exitCodesLast(): string {
  const codes = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['', 'Exit codes:', ...codes].join('\n');
}
