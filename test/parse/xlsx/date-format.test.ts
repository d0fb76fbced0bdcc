import { describe, expect, test } from 'vitest';
import { builtinDateStyle, dateStyle, dateStyleOf } from '../../../src/parse/xlsx/date-format.ts';

describe('a number format', () => {
  const cases: [string, keyof typeof dateStyle][] = [
    ['dd/mm/yyyy', 'date'],
    ['d-mmm-yy', 'date'],
    ['mmm/yy', 'date'],
    ['mmmm', 'date'],
    ['yyyy', 'date'],
    ['[$-416]d "de" mmmm "de" yyyy;@', 'date'],
    ['[$-F800]dddd, mmmm dd, yyyy', 'date'],
    ['dd\\/mm\\/yyyy\\ hh:mm', 'date'],
    ['[Red]dd/mm/yyyy', 'date'],
    ['yyyy\\-mm\\-dd\\Thh:mm:ss', 'date'],
    ['hh:mm', 'time'],
    ['h:mm:ss AM/PM', 'time'],
    ['mm:ss.0', 'time'],
    ['[h]:mm', 'elapsed'],
    ['[mm]:ss', 'elapsed'],
    ['[hh]', 'elapsed'],
    ['General', 'none'],
    ['Standard', 'none'],
    ['', 'none'],
    ['0.00', 'none'],
    ['#,##0.00;[Red]-#,##0.00', 'none'],
    ['0.00E+00', 'none'],
    ['"dias" 0', 'none'],
    ['0 "dias', 'none'],
    ['0\\h', 'none'],
    ['_-* #,##0.00_d;-* #,##0.00_-', 'none'],
    ['[$R$-416] #,##0.00', 'none'],
    ['"R$" #,##0.00', 'none'],
    ['[Yellow]0', 'none'],
    ['0;"h"', 'none'],
    ['@', 'none'],
  ];
  test.each(cases)('%s is %s', (code, style) => {
    expect(dateStyleOf(code)).toBe(dateStyle[style]);
  });

  test('builtin formats are dates by their number', () => {
    const dates = Array.from({ length: 60 }, (_, id) => id).filter((id) => builtinDateStyle(id) !== dateStyle.none);
    expect(dates).toEqual([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58]); // prettier-ignore
  });
});
