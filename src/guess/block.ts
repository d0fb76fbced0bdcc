import { safeLine } from '../net/safe-line.ts';
import { inYaml, keyInYaml } from './in-yaml.ts';
import type { Guess, GuessedColumn } from './guess-dataset.ts';

/** What a guess turned out to need when the file was read with it. */
export type Corrections = {
  /** Columns that hold values which their type refused: text. */
  readonly asText: ReadonlySet<string>;
  /** The header is not found by the key: it has to be named. */
  readonly headerRow: number | null;
  /** More rows than 1 % are refused. */
  readonly maxRejectedPercent: number | null;
};

export const noCorrections: Corrections = { asText: new Set(), headerRow: null, maxRejectedPercent: null };

/** One entry of `extraction.files`, from its dash on, with a comment on every guess. Nothing of the file can end a comment. */
export function datasetBlock(guess: Guess, corrections: Corrections): string {
  const { rows, file } = guess;
  return [
    `# Guessed by \`projetus init --from\` from ${said(file)}, ${counted(rows, 'row')}: check every line that says "guessed".`,
    `- name: ${keyInYaml(guess.name)} # guessed from the file's name: the dataset and its table`,
    `  match: [${inYaml(guess.match)}] # guessed from the file's name: * stands for what changes from day to day`,
    ...formatLines(guess, corrections),
    ...keyLines(guess),
    ...rejectedLines(guess, corrections),
    '  columns:',
    ...guess.columns.map((column) => `    ${columnLine(column, corrections)}`),
    ...guess.leftOut.map(({ header, why }) => `    # left out: ${said(header)}: ${why}`),
    '',
  ].join('\n');
}

function formatLines({ decisions, style, signs }: Guess, { headerRow }: Corrections): string[] {
  const { commas, points, unclear } = signs;
  const evidence = `${counted(commas, 'number')} with a comma, ${points.toLocaleString('en-US')} with a point, ${unclear.toLocaleString('en-US')} such as 1.234`;
  const set = [
    ...(headerRow === null ? [] : [`header_row: ${headerRow}`]),
    ...(style === 'auto' ? [] : [`decimal: ${inYaml(style)}`]),
  ];
  return [
    '  # How the file was read. It is decided anew for every file; `format` can settle it:',
    ...decisions.map((decision) => `  #   ${said(decision)}`),
    `  #   decimal sign: ${evidence}`,
    ...(set.length === 0 ? [] : [`  format: { ${set.join(', ')} } # guessed from that`]),
  ];
}

function keyLines({ key, otherKeys, rows }: Guess): string[] {
  const others = otherKeys.map((other) => `[${other.map(keyInYaml).join(', ')}]`).join(' and ');
  const also = others === '' ? '' : `; so would ${others}`;
  if (key.length === 0) return ['  key: content # guessed: no column and no few of them tell the rows apart'];
  const are = key.length === 1 ? 'it is never blank and never twice' : 'together they are never twice';
  return [`  key: [${key.map(keyInYaml).join(', ')}] # guessed: in ${counted(rows, 'row')} ${are}${also}`];
}

function rejectedLines({ brokenRows, rows }: Guess, { maxRejectedPercent }: Corrections): string[] {
  if (maxRejectedPercent === null) return [];
  const all = counted(rows + brokenRows, 'row');
  return [
    `  max_rejected_percent: ${maxRejectedPercent} # guessed: so many of ${all} are refused; correct the file, and take this out`,
  ];
}

function columnLine({ name, header, type, format, why }: GuessedColumn, { asText }: Corrections): string {
  const isText = asText.has(name);
  const written = isText ? 'text' : type.startsWith('decimal') ? `'${type}'` : type;
  const own = format === null || isText ? '' : `, format: ${format}`;
  const reason = isText ? `not every value is of type ${type}` : why;
  return `${keyInYaml(name)}: { from: [${inYaml(header)}], type: ${written}${own} } # guessed: ${reason}`;
}

/** What comes from the file, in a comment: one line without controls. */
function said(text: string): string {
  return safeLine(text, []);
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
