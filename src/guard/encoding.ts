import type { DatasetReport, SourceReport } from '../core/report.ts';
import type { Finding, Watched } from './watched.ts';

/** Damaged places per cell. Files of people hold a few; one that lost its encoding had 9,577 in 54 columns of 460 rows. */
const mostDamage = 0.001;

/** More than the file had when it was last published; a file that is always damaged is accepted once, not every day. */
const worseFactor = 2;

const shownFiles = 5;

/** A file whose letters were lost or encoded twice on their way: what is stored is better than what came. */
export function encodingGuard({ dataset, report, last, floorRows }: Watched): Finding | null {
  const damage = damageOf(report);
  const rate = rateOf(report);
  if (damage <= floorRows || rate <= mostDamage || (last && rate <= worseFactor * rateOf(last))) return null;
  const damaged = report.sources.filter((source) => damageIn(source) > 0);
  const texts = damaged.slice(0, shownFiles).map(sourceText);
  const others = damaged.length > shownFiles ? `; ${damaged.length - shownFiles} more files are damaged` : '';
  const share = `${(100 * rate).toFixed(2)} %, and at most ${100 * mostDamage} % may be`;
  return {
    guard: 'encoding',
    message: `${dataset.name}: text is damaged in ${damage} places of ${cellsOf(report)} cells (${share}): ${texts.join('; ')}${others}.`,
    facts: {
      files: damaged.map(({ file }) => file),
      replaced: damaged.reduce((total, source) => total + source.damaged_text.replaced, 0),
      double_encoded: damaged.reduce((total, source) => total + source.damaged_text.double_encoded, 0),
      percent: 100 * rate,
    },
    hint: 'download it again; if it opens well elsewhere, format.encoding says how it is written',
  };
}

function sourceText(source: SourceReport): string {
  const { replaced, double_encoded } = source.damaged_text;
  const lost = replaced > 0 ? [`${replaced} letters that became U+FFFD (\uFFFD)`] : [];
  const twice = double_encoded > 0 ? [`${double_encoded} that were encoded twice ("Ã§" for "ç")`] : [];
  return `${source.file} has ${[...lost, ...twice].join(' and ')}`;
}

function rateOf(report: DatasetReport): number {
  const cells = cellsOf(report);
  return cells === 0 ? 0 : damageOf(report) / cells;
}

function damageOf({ sources }: DatasetReport): number {
  return sources.reduce((total, source) => total + damageIn(source), 0);
}

function damageIn({ damaged_text }: SourceReport): number {
  return damaged_text.replaced + damaged_text.double_encoded;
}

/** Rows times named columns, those that nobody loads included: damage is counted there too. */
function cellsOf({ sources }: DatasetReport): number {
  return sources.reduce((total, { rows, columns }) => {
    const headers = new Set([...Object.values(columns.mapped), ...columns.unknown]);
    return total + rows * headers.size;
  }, 0);
}
