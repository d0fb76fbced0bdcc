import { ProjetusError } from '../core/errors.ts';
import type { SourceFile } from '../parse/inflate.ts';
import { datasetBlock, noCorrections, type Corrections } from './block.ts';
import { datasetFromText } from './dataset-from-text.ts';
import { guessDataset, type Guess } from './guess-dataset.ts';
import { tryDataset, type Trial } from './try-guess.ts';

/** What a guess may refuse before it is told: the default of `max_rejected_percent`. */
const usualPercent = 1;

export type GuessedBlock = { readonly name: string; readonly text: string; readonly trial: Trial };

/**
 * The entry of `extraction.files` that loads a file, as text with comments. It was tried: the file was read with it, and
 * what did not fit was corrected. Throws what the readers throw.
 */
export async function guessBlock(file: SourceFile, signal: AbortSignal): Promise<GuessedBlock> {
  const guess = await guessDataset(file, signal);
  let corrections = noCorrections;
  // Each correction is made once: the header, then columns, then the share of what is still refused.
  for (let round = 0; round < 4; round++) {
    const text = datasetBlock(guess, corrections);
    const trial = await tryDataset(datasetFromText(text), file, signal).catch((error: unknown) => headerLost(error, corrections));
    const next = trial === null ? { ...corrections, headerRow: guess.headerRow } : corrected(guess, corrections, trial);
    if (trial !== null && next === corrections) return { name: guess.name, text, trial };
    corrections = next;
  }
  throw new ProjetusError('unexpected', `No block could be made that loads ${file.name}.`, { file: file.name });
}

/** Null when naming the header's row may help. */
function headerLost(error: unknown, { headerRow }: Corrections): null {
  if (error instanceof ProjetusError && error.code.startsWith('header-') && headerRow === null) return null;
  throw error;
}

function corrected(guess: Guess, corrections: Corrections, trial: Trial): Corrections {
  if (trial.headerRow !== guess.headerRow) return { ...corrections, headerRow: guess.headerRow };
  const types = new Map(guess.columns.map(({ name, type }) => [name, type]));
  const asText = [...trial.refusing].filter((name) => types.get(name) !== 'text' && !corrections.asText.has(name));
  if (asText.length > 0) return { ...corrections, asText: new Set([...corrections.asText, ...asText]) };
  const percent = Math.ceil((100 * trial.rejected) / Math.max(trial.read, 1));
  const isOver = trial.rejected * 100 > usualPercent * trial.read && percent !== corrections.maxRejectedPercent;
  return isOver ? { ...corrections, maxRejectedPercent: percent } : corrections;
}
