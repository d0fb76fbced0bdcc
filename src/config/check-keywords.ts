import type { ColumnType, Keywords } from '../core/dataset.ts';
import { typeName } from '../core/dataset.ts';
import { checkPattern } from './check-pattern.ts';
import type { Path } from './path.ts';
import type { Problem } from './problems.ts';

/** The keywords that mean something for a type. A number's text has no length, a text no minimum. */
const keywordsOfType: Readonly<Record<ColumnType['kind'], readonly (keyof Keywords)[]>> = {
  text: ['enum', 'pattern', 'minLength', 'maxLength', 'format'],
  integer: ['enum', 'minimum', 'maximum'],
  decimal: ['enum', 'minimum', 'maximum'],
  date: ['enum'],
  timestamp: [],
  boolean: ['enum'],
};

const keywordNames = ['enum', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'format'] as const;

/** Keywords that do not fit the column's type, or that nothing can satisfy. */
export function checkKeywords(keywords: Keywords, type: ColumnType, path: Path): Problem[] {
  const fitting = keywordsOfType[type.kind];
  const written = keywordNames.filter((name) => keywords[name] !== undefined);
  const misfits = written.filter((name) => !fitting.includes(name));
  return [
    ...misfits.map((name): Problem => ({ path: [...path, name], at: 'key', message: misfit(name, type) })),
    ...(fitting.includes('enum') ? checkEnum(keywords.enum ?? [], type, [...path, 'enum']) : []),
    ...(fitting.includes('pattern') && keywords.pattern !== undefined
      ? checkPattern(keywords.pattern, [...path, 'pattern'])
      : []),
    ...checkNumbers(keywords, path),
    ...checkOrder(keywords, path),
  ];
}

function misfit(name: keyof Keywords, type: ColumnType): string {
  const types = Object.entries(keywordsOfType).filter(([, names]) => names.includes(name));
  const homes = types.map(([kind]) => kind).join(', ');
  return `this keyword is for columns of type ${homes}, and this one is ${typeName(type)}`;
}

function checkEnum(values: readonly unknown[], type: ColumnType, path: Path): Problem[] {
  const wrong = [...values.entries()].filter(([, value]) => value !== null && !isOfType(value, type));
  return wrong.map(([index]) => ({ path: [...path, index], at: 'value', message: `expected ${wanted[type.kind]}` }));
}

const wanted: Readonly<Record<ColumnType['kind'], string>> = {
  text: 'text: put it in quotes',
  integer: 'a whole number without quotes',
  decimal: 'a number without quotes',
  date: 'a date such as 2026-11-22',
  timestamp: 'a timestamp',
  boolean: 'true or false',
};

function isOfType(value: unknown, type: ColumnType): boolean {
  switch (type.kind) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'decimal':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && isDate(value);
    default:
      return false;
  }
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // 2026-02-30 is read as 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Beyond 2^53 a number of the file was rounded when it was read: the bound would not be the one that was written. */
function checkNumbers(keywords: Keywords, path: Path): Problem[] {
  const numbers: (readonly [unknown, Path])[] = [
    [keywords.minimum, [...path, 'minimum']],
    [keywords.maximum, [...path, 'maximum']],
    ...(keywords.enum ?? []).map((value, index) => [value, [...path, 'enum', index]] as const),
  ];
  const inexact = numbers.filter(([value]) => typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER);
  return inexact.map(([, at]) => ({
    path: at,
    at: 'value',
    message: `the greatest number possible is ${Number.MAX_SAFE_INTEGER}`,
  }));
}

function checkOrder(keywords: Keywords, path: Path): Problem[] {
  const problems: Problem[] = [];
  const { minimum, maximum, minLength, maxLength } = keywords;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    problems.push({ path: [...path, 'maximum'], at: 'value', message: 'maximum is below minimum: no value would do' });
  }
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength) {
    problems.push({ path: [...path, 'maxLength'], at: 'value', message: 'maxLength is below minLength: no value would do' });
  }
  return problems;
}
