import { createInterface } from 'node:readline/promises';
import type { World } from './world.ts';

/** Asks on a terminal; where there is nobody, nothing is asked. */
export function confirmation(world: World): ((question: string) => Promise<boolean>) | null {
  if (!world.stdin.isTTY || !world.stderr.isTTY) return null;
  return async (question) => {
    using terminal = createInterface({ input: world.stdin, output: world.stderr as NodeJS.WriteStream });
    const answer = await terminal.question(`${question} [y/N] `, { signal: world.signal });
    return /^(y|yes|s|sim)$/i.test(answer.trim());
  };
}
