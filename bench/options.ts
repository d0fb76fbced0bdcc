import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sectionNames, shortSections } from './all-sections.ts';
import type { SectionName } from './section.ts';

/** `trial`: of a size that somebody chose; never written among the results of the others. */
export type Form = 'long' | 'short' | 'trial';

export type Options = {
  readonly form: Form;
  readonly sections: readonly SectionName[];
  readonly rows: number;
  readonly rounds: number;
  readonly program: string;
  /** Whether bench/RESULTS.md is written. */
  readonly isWritten: boolean;
};

const longRows = 1_000_000;
const shortRows = 100_000;
const rounds = 3;

const usage = `npm run bench -- [--short] [--sections ${sectionNames.join(',')}] [--rows N] [--rounds N] [--write]

The long form (${longRows.toLocaleString('en-US')} rows, all sections) writes bench/RESULTS.md; --short (${shortRows.toLocaleString('en-US')} rows; ${shortSections.join(', ')})
and other sizes only print, unless --write is given. Exit code 1: a limit was missed; 2: not understood.`;

/** Throws with the usage for what it does not understand. */
export async function readOptions(args: readonly string[]): Promise<Options> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      sections: { type: 'string' },
      rows: { type: 'string' },
      rounds: { type: 'string' },
      write: { type: 'boolean', default: false },
      program: { type: 'string', default: join(import.meta.dirname, '../dist/bin/projetus.js') },
    },
  });
  const form = values.rows !== undefined || values.rounds !== undefined ? 'trial' : values.short ? 'short' : 'long';
  const program = resolve(values.program);
  await access(program).catch(() => Promise.reject(new Error(`${program} is not there: npm run build`)));
  return {
    form,
    sections: sectionsOf(values.sections, values.short ? shortSections : sectionNames),
    rows: numberOf('rows', values.rows ?? (values.short ? shortRows : longRows), 10_000),
    rounds: numberOf('rounds', values.rounds ?? rounds, 1),
    program,
    isWritten: values.write || form === 'long',
  };
}

function sectionsOf(list: string | undefined, otherwise: readonly SectionName[]): readonly SectionName[] {
  if (list === undefined) return otherwise;
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !sectionNames.includes(name as SectionName));
  if (unknown.length > 0) throw new Error(`no such section: ${unknown.join(', ')}\n\n${usage}`);
  return sectionNames.filter((name) => wanted.includes(name));
}

/** Whole multiples of `unit`: the data are made for them. */
function numberOf(name: string, value: string | number, unit: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= unit && number % unit === 0) return number;
  throw new Error(`--${name} ${value} is not a multiple of ${unit.toLocaleString('en-US')}\n\n${usage}`);
}
