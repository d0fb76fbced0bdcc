import { ProjetusError } from '../core/errors.ts';
import { printable } from './style.ts';
import type { Out } from './world.ts';

/** The stacks of an error that should not have been, for the report of a bug. Not its other properties: they may hold values. */
export function tellBug(out: Out, thrown: unknown): void {
  if (thrown instanceof ProjetusError && thrown.code !== 'unexpected') return;
  for (let error = thrown; error instanceof Error; error = error.cause)
    out.write(`${(error.stack ?? error.message).split('\n').map(printable).join('\n')}\n`);
}
