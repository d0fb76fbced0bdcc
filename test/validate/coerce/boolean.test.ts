import { describe, expect, test } from 'vitest';
import { coerced, type TestCell } from '../harness.ts';

const typeError = { code: 'type-error' };

describe('a boolean column', () => {
  test.each(['sim', 'SIM', 'Sim', 's', 'S', 'true', 'TRUE', 't', 'verdadeiro', 'VERDADEIRO', '1', 'yes', ' sIm '])(
    'reads %s as true',
    (text) => expect(coerced('boolean', text)).toBe('true'),
  );
  test.each(['não', 'NÃO', 'Não', 'nao', 'NAO', 'n', 'false', 'f', 'falso', '0', 'no', 'na\u0303o'])(
    'reads %s as false',
    (text) => expect(coerced('boolean', text)).toBe('false'),
  );
  const refused: TestCell[] = [
    'talvez',
    '2',
    'sim e não',
    'x'.repeat(5000),
    'NÃO APLICÁVEL',
    '01',
    { kind: 'date', bytes: '2026-11-22' },
  ];
  test.each(refused)('refuses %o', (cell) => expect(coerced('boolean', cell)).toEqual(typeError));
  const cells: [TestCell, string | null][] = [
    [{ kind: 'boolean', bytes: 'true' }, 'true'],
    [{ kind: 'boolean', bytes: 'false' }, 'false'],
    [{ kind: 'number', bytes: '1' }, 'true'],
    [{ kind: 'number', bytes: '0' }, 'false'],
    ['', null],
  ];
  test.each(cells)('reads the cell %o as %s', (cell, expected) => expect(coerced('boolean', cell)).toBe(expected));
});
