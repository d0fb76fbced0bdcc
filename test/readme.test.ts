import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { english } from '../src/alert/texts/en.ts';
import { errorActions } from '../src/alert/texts/en-errors.ts';
import { alertCodes, errorCodes, rejectCodes, type ErrorCode } from '../src/core/codes.ts';
import { exitCodeMeanings } from '../src/core/exit-codes.ts';
import { root } from './support/code-files.ts';

const readme = await readFile(join(root, 'README.md'), 'utf8');

/** The rows of all tables, cells trimmed and without their backquotes. */
const rows = new Set(
  readme
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => rowOf(line.split(/(?<!\\)\|/).slice(1, -1))),
);

function rowOf(cells: readonly string[]): string {
  return cells.map((cell) => cell.replaceAll('`', '').replaceAll('\\|', '|').trim()).join(' | ');
}

describe('the README', () => {
  it.each(exitCodeMeanings)('says what exit code %i means', (code, meaning) => {
    expect(rows).toContain(rowOf([String(code), meaning]));
  });

  it.each(Object.entries(errorCodes))('says when a run stops with %s, and its exit code', (code, { exitCode, meaning }) => {
    expect(rows).toContain(rowOf([code, String(exitCode), meaning, errorActions[code as ErrorCode]]));
  });

  it.each(Object.entries(rejectCodes))('says what %s means', (code, meaning) => {
    expect(rows).toContain(rowOf([code, meaning]));
  });

  it.each(Object.entries(alertCodes))('says what %s means, and what to do', (code, meaning) => {
    const { next } = english.warnings[code as keyof typeof english.warnings];
    expect(rows).toContain(rowOf([code, meaning, next ?? 'nothing']));
  });
});
