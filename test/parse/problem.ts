import { ProjetusError } from '../../src/core/errors.ts';

/** The ProjetusError that `run` ends in. */
export async function problemOf(run: () => unknown): Promise<ProjetusError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof ProjetusError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
