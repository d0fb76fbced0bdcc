import type { Format } from '../core/dataset.ts';
import type { ColumnSeen } from './column-seen.ts';
import { isAmountName, isIdName } from './names.ts';

/** What a column is taken for. `why` says from what. */
export type ColumnGuess = {
  readonly type: string;
  readonly format: 'cnpj' | 'cpf' | 'uf' | null;
  readonly why: string;
};

/** `decimal(18,2)` holds every amount in reais; residues of floats need more. */
const [usualPrecision, usualScale, largestPrecision, largestScale] = [18, 2, 38, 18];

/** Null for a column that no type can hold: numbers that a spreadsheet has rounded, damaged characters. */
export function guessColumn(name: string, seen: ColumnSeen, style: Format['decimal']): ColumnGuess | null {
  const { values, taken } = seen;
  const text = (why: string, format: ColumnGuess['format'] = null) => ({ type: 'text', format, why });
  const all = (kind: keyof ColumnSeen['taken']) => taken[kind] === values;
  if (values === 0) return text('no row has a value');
  if (!all('text')) return readableAs(seen, style);
  for (const format of ['cnpj', 'cpf'] as const)
    if (all(format)) return text(`all ${count(values)} have the check digits of a ${format.toUpperCase()}`, format);
  if (all('uf')) return text(`all ${count(values)} are states`, 'uf');
  const number = guessNumber(name, seen, style);
  if (number !== null) return number;
  if (all('date')) return { type: 'date', format: null, why: `all ${count(values)} are dates` };
  if (all('timestamp')) return { type: 'timestamp', format: null, why: `all ${count(values)} are dates with a time` };
  if (all('boolean')) return { type: 'boolean', format: null, why: `all ${count(values)} mean yes or no` };
  return text(nearMiss(seen));
}

function guessNumber(name: string, seen: ColumnSeen, style: Format['decimal']): ColumnGuess | null {
  const numbers = seen.numbers[style];
  if (!numbers.isNumber) return null;
  if (isIdName(name) && numbers.scale === 0) return { type: 'text', format: null, why: 'digits, named as an identifier' };
  if (seen.leadingZeros > 0 && numbers.scale === 0)
    return { type: 'text', format: null, why: `digits, ${count(seen.leadingZeros)} of them with zeros in front` };
  if (numbers.isWhole && !isAmountName(name) && numbers.wholeDigits <= 18)
    return { type: 'integer', format: null, why: `all ${count(seen.values)} are whole numbers` };
  return decimal(seen, style, isAmountName(name) && numbers.isWhole ? ', named as an amount' : '');
}

function decimal(seen: ColumnSeen, style: Format['decimal'], named: string): ColumnGuess | null {
  const { scale, wholeDigits } = seen.numbers[style];
  if (scale > largestScale || wholeDigits > largestPrecision - Math.max(scale, usualScale)) {
    return { type: 'text', format: null, why: `numbers of ${wholeDigits} and ${scale} digits` };
  }
  const isUsual = scale <= usualScale && wholeDigits <= usualPrecision - usualScale;
  // The residue of floats has a few digits more tomorrow.
  const wide = wholeDigits <= largestPrecision - largestScale ? largestScale : scale;
  const type = isUsual
    ? `decimal(${usualPrecision},${usualScale})`
    : `decimal(${largestPrecision},${scale <= usualScale ? usualScale : wide})`;
  return { type, format: null, why: `all ${count(seen.values)} are numbers, at most ${scale} decimals${named}` };
}

/** Of what is not even text: a whole number of a workbook with more than 15 digits, which it has rounded. */
function readableAs(seen: ColumnSeen, style: Format['decimal']): ColumnGuess | null {
  return seen.numbers[style].isNumber ? decimal(seen, style, '') : null;
}

function nearMiss({ values, taken, signs }: ColumnSeen): string {
  const most = Math.max(taken.date, taken.timestamp);
  if (most * 10 > values * 9) return `${count(values - most)} of ${count(values)} are no dates`;
  return signs.commas + signs.points + signs.unclear > 0 ? 'not every value is a number' : 'no other type fits';
}

function count(values: number): string {
  return values.toLocaleString('en-US');
}
