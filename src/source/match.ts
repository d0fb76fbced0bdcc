import { matchesGlob } from 'node:path';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { fold } from '../core/names.ts';

type Claim = { readonly dataset: Dataset; readonly pattern: string; readonly literals: number };

/**
 * The datasets that a file belongs to: those of the most specific pattern, the one with the most literal characters.
 * Datasets that declare the very same pattern share the file; two different patterns of equal length are a tie, which
 * throws `file-ambiguous`.
 */
export function claims(fileName: string, datasets: readonly Dataset[]): Dataset[] {
  const all = datasets.flatMap((dataset) => bestClaim(fileName, dataset) ?? []);
  const most = Math.max(...all.map((claim) => claim.literals));
  const best = all.filter((claim) => claim.literals === most);
  const rival = best.find((claim) => claim.pattern !== best[0]!.pattern);
  if (rival) {
    throw new ProjetusError(
      'file-ambiguous',
      `Both ${best[0]!.dataset.name} ("${best[0]!.pattern}") and ${rival.dataset.name} ("${rival.pattern}") claim the file ${fileName}.`,
      {
        hint: `make one pattern longer, so that it alone fits best: match: ["${fold(fileName).replace(/\d[\d_-]*/g, '*')}"]`,
        file: fileName,
      },
    );
  }
  return best.map((claim) => claim.dataset);
}

function bestClaim(fileName: string, dataset: Dataset): Claim | null {
  if (dataset.match.length === 0) {
    const word = holdsName(fileName, dataset.name);
    return word === null ? null : { dataset, pattern: word, literals: word.length };
  }
  const fitting = dataset.match.filter((pattern) => matchesGlob(fold(fileName), fold(pattern)));
  const claims = fitting.map((pattern) => ({ dataset, pattern, literals: literalCharacters(pattern) }));
  return claims.toSorted((a, b) => b.literals - a.literals)[0] ?? null;
}

function literalCharacters(pattern: string): number {
  return pattern.replace(/\[[^\]]*\]|[*?{},!()|+@]/g, '').length;
}

/**
 * The dataset's name or its Portuguese singular, when the file name holds it as a whole word. A word may be joined by
 * underscores only with numbers and with the publisher's prefix: `siconv_obra_2026` is an obra,
 * `obra_contrato` is something else.
 */
function holdsName(fileName: string, name: string): string | null {
  const words = fold(fileName)
    .split(/[^\p{L}\p{N}_]+/u)
    .map((word) => word.replace(/^siconv_|(?:^|_)\d+(?=_|$)/g, '').replace(/^_+|_+$/g, ''));
  return [name, singular(name)].find((candidate) => words.includes(candidate)) ?? null;
}

const singularEndings: readonly (readonly [RegExp, string])[] = [
  [/[oa]es$/, 'ao'],
  [/ais$/, 'al'],
  [/eis$/, 'el'],
  [/ois$/, 'ol'],
  [/ns$/, 'm'],
  [/([rzs])es$/, '$1'],
  [/s$/, ''],
];

/** The singular of a Portuguese plural without accents: `contratos` is `contrato`, `situacoes` is `situacao`. */
export function singular(name: string): string {
  const rule = singularEndings.find(([ending]) => ending.test(name));
  return rule ? name.replace(rule[0], rule[1]) : name;
}
