import { describe, expect, it, test } from 'vitest';
import type { Dataset } from '../../src/core/dataset.ts';
import { ProjetusError } from '../../src/core/errors.ts';
import { matchHeader, type HeaderMatch } from '../../src/validate/header.ts';
import { columnOf, datasetOf, formatOf } from './harness.ts';

const dataset = datasetOf(
  [columnOf('id', 'integer', {}, ['ID_COISA']), columnOf('titulo', 'text', {}, ['OBJETO', 'TITULO']), columnOf('valor')],
  {
    requiredColumns: ['id', 'titulo'],
  },
);

function match(header: readonly string[], overrides: Partial<Dataset> = {}): HeaderMatch {
  return matchHeader({ ...dataset, ...overrides }, [{ rowNumber: 1, cells: header }], 'coisas.csv');
}

function errorOf(run: () => unknown): ProjetusError {
  try {
    run();
  } catch (error) {
    if (error instanceof ProjetusError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const placeOf = (header: HeaderMatch): Record<string, number> =>
  Object.fromEntries(header.shape.columns.map(({ name }, index) => [name, header.cellOfColumn[index]!]));

describe('a header', () => {
  const drifted: [name: string, header: string[]][] = [
    ['as declared', ['ID_COISA', 'OBJETO', 'VALOR']],
    ['in lower case', ['id_coisa', 'objeto', 'valor']],
    ['with a byte order mark', ['\ufeffID_COISA', 'OBJETO', 'VALOR']],
    ['with outer and double blanks', [' ID   COISA ', '  Objeto\u00a0', ' Valor ']],
    ['with accents', ['Íd_Coisa', 'Óbjeto', 'Válor']],
    ['with line breaks', ['ID\r\nCOISA', 'OBJETO\n', 'VALOR']],
    ['with its other alias', ['ID_COISA', 'Título', 'VALOR']],
    ['with a sign after the name', ['ID COISA:', 'OBJETO', 'VALOR (*)']],
  ];
  test.each(drifted)('is matched %s', (_, names) => expect(placeOf(match(names))).toEqual({ id: 0, titulo: 1, valor: 2 }));

  it('is matched by name and never by position', () => {
    expect(placeOf(match(['NOVA', 'VALOR', 'OBJETO', 'OUTRA', 'ID_COISA']))).toEqual({ id: 4, titulo: 2, valor: 1 });
  });

  it('is reported as it stands in the file', () => {
    const header = match(['ID_COISA', 'Objeto\ndo  contrato', ' OBJETO ', '', 'X', 'X']);
    expect(header.mapped).toEqual({ id: 'ID_COISA', titulo: 'OBJETO' });
    expect(header.unknown).toEqual(['Objeto do contrato', 'X', 'X']);
    expect(header.missing).toEqual(['valor']);
    expect(header.names).toEqual(['ID_COISA', 'Objeto\ndo  contrato', ' OBJETO ', '', 'X', 'X']);
    expect(header).toMatchObject({ rowNumber: 1, width: 6, renamed: {} });
    expect(placeOf(header)['valor']).toBe(-1);
  });

  it('gives columns in code-unit order, and the key’s parts in the key’s', () => {
    const columns = ['b', 'a', 'Z', 'a_1', 'ab'].map((name) => columnOf(name));
    const wide = datasetOf(columns, { key: ['b', 'Z'] });
    const { shape } = matchHeader(wide, [{ rowNumber: 1, cells: ['b', 'a', 'Z', 'a_1', 'ab'] }], 'x.csv');
    expect(shape.columns.map(({ name }) => name)).toEqual(['Z', 'a', 'a_1', 'ab', 'b']);
    expect(shape.key).toEqual([4, 0]);
  });

  it('may feed two columns from one cell', () => {
    const twice = datasetOf([columnOf('id'), columnOf('text', 'text', {}, ['V']), columnOf('number', 'integer', {}, ['V'])]);
    const header = matchHeader(twice, [{ rowNumber: 1, cells: ['ID', 'V'] }], 'x.csv');
    expect(placeOf(header)).toEqual({ id: 0, number: 1, text: 1 });
  });
});

describe('the row of the header', () => {
  const rows = [
    { rowNumber: 1, cells: ['Relatório de coisas'] },
    { rowNumber: 2, cells: [] },
    { rowNumber: 3, cells: ['ID_COISA', 'a legend'] },
    { rowNumber: 5, cells: ['ID_COISA', 'OBJETO', 'VALOR'] },
    { rowNumber: 6, cells: ['1', 'Ponte', '2'] },
  ];

  it('is the first that holds all required columns', () => {
    const header = matchHeader(dataset, rows, 'coisas.csv');
    expect(header.rowNumber).toBe(5);
    expect(header.decisions).toEqual(['header row 5: the first that holds the required columns id, titulo']);
  });

  it('is the configured one, whatever the others hold', () => {
    const configured = { ...dataset, requiredColumns: ['id'], format: formatOf({ headerRow: 3 }) };
    expect(matchHeader(configured, rows, 'coisas.csv').rowNumber).toBe(3);
  });

  it('fails when the configured one does not exist', () => {
    const error = errorOf(() => matchHeader({ ...dataset, format: formatOf({ headerRow: 4 }) }, rows, 'coisas.csv'));
    expect(error).toMatchObject({ code: 'header-missing', file: 'coisas.csv', line: 4, exitCode: 7 });
    expect(error.hint).toContain('format.header_row');
  });

  it('fails when the configured one lacks a required column', () => {
    const error = errorOf(() => matchHeader({ ...dataset, format: formatOf({ headerRow: 6 }) }, rows, 'coisas.csv'));
    expect(error).toMatchObject({ code: 'header-missing', line: 6, column: 'id' });
  });

  it('is the one with the most declared columns where none is required', () => {
    const content = { ...dataset, key: 'content' as const, requiredColumns: [] };
    expect(matchHeader(content, rows, 'coisas.csv').rowNumber).toBe(5);
    const error = errorOf(() => matchHeader(content, [rows[0]!], 'coisas.csv'));
    expect(error.code).toBe('header-missing');
  });

  it('is the first that is not a title where nothing is declared', () => {
    const text = datasetOf([], { key: 'content', unknownColumns: 'text' });
    const table = [
      { rowNumber: 1, cells: ['Title', '', ''] },
      { rowNumber: 2, cells: ['a', 'b', ''] },
      { rowNumber: 3, cells: ['1', '2', '3'] },
    ];
    expect(matchHeader(text, table, 'x.csv').rowNumber).toBe(2);
  });

  it('fails on a file without a word', () => {
    expect(errorOf(() => matchHeader(dataset, [], 'coisas.csv')).code).toBe('header-missing');
    expect(errorOf(() => matchHeader(dataset, [{ rowNumber: 1, cells: ['', ' '] }], 'coisas.csv')).code).toBe('header-missing');
  });
});

describe('a lost required column', () => {
  it('is named, with the nearest header and the line of configuration that would settle it', () => {
    const error = errorOf(() => match(['ID_COISA', 'TITULOS', 'VALOR']));
    expect(error).toMatchObject({ code: 'header-missing', exitCode: 7, file: 'coisas.csv', line: 1, column: 'titulo' });
    expect(error.message).toBe('coisas.csv: row 1, the likeliest header, lacks titulo (dataset things)');
    expect(error.hint).toBe(
      'the nearest to titulo is "TITULOS"; if it is meant, set columns.titulo.from of things: ["OBJETO", "TITULO", "TITULOS"]',
    );
  });

  it('is not looked for among the headers of other columns', () => {
    const columns = [columnOf('id'), columnOf('valor_total'), columnOf('valor_tota')];
    const error = errorOf(() =>
      matchHeader(
        datasetOf(columns, { requiredColumns: ['id', 'valor_tota'] }),
        [{ rowNumber: 1, cells: ['id', 'valor_total', 'x'] }],
        'x.csv',
      ),
    );
    expect(error.hint).toContain('no header resembles valor_tota, and these are not declared: "x"');
  });

  it.each([
    [
      ['ID_COISA', 'XYZ', 'VALOR', '', 'ABC'],
      'no header resembles titulo, and these are not declared: "XYZ", "ABC"; if one is meant, set columns.titulo.from of things: ["OBJETO", "TITULO", "NAME IN THE FILE"]',
    ],
    [
      ['ID_COISA', 'VALOR'],
      'no header resembles titulo; if one is meant, set columns.titulo.from of things: ["OBJETO", "TITULO", "NAME IN THE FILE"]',
    ],
    [['ID_COISA', ...'abcdefghijkl'], 'are not declared: "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", …;'],
    [['ID_COISA', `titulo${'x'.repeat(95)}`, 'XYZ'], 'no header resembles titulo, and these are not declared: "XYZ";'],
  ])('says so when no header resembles it, and names those that may be meant: %j', (cells, hint) => {
    expect(errorOf(() => match(cells)).hint).toContain(hint);
  });

  it('is looked for in the row with the most matches', () => {
    const rows = [
      { rowNumber: 1, cells: ['Objetivos', 'x'] },
      { rowNumber: 2, cells: ['ID_COISA', 'OBJECTO', 'VALOR'] },
    ];
    expect(errorOf(() => matchHeader(dataset, rows, 'coisas.csv'))).toMatchObject({ line: 2, column: 'titulo' });
  });
});

describe('two headers for one column', () => {
  const ambiguous: [name: string, header: string[]][] = [
    ['two aliases', ['ID_COISA', 'Objeto', 'Titulo']],
    ['two aliases to the letter', ['ID_COISA', 'OBJETO', 'TITULO']],
    ['one name twice', ['ID_COISA', 'OBJETO', 'OBJETO']],
    ['one name twice, folded', ['ID_COISA', 'objeto', 'Objeto']],
  ];
  test.each(ambiguous)('are refused: %s', (_, header) => {
    const error = errorOf(() => match(header));
    expect(error).toMatchObject({ code: 'header-ambiguous', exitCode: 7, column: 'titulo', line: 1 });
    expect(error.hint).toContain('columns.titulo.from');
  });

  it('are settled when one of them is an alias to the letter', () => {
    expect(placeOf(match(['ID_COISA', 'objeto', 'TITULO']))['titulo']).toBe(2);
    expect(match(['ID_COISA', 'objeto', 'TITULO']).unknown).toEqual(['objeto']);
  });
});

describe('unknown columns', () => {
  it('stop the file with unknown_columns: fail', () => {
    const error = errorOf(() => match(['ID_COISA', 'OBJETO', 'VALOR', 'Nova', ''], { unknownColumns: 'fail' }));
    expect(error).toMatchObject({ code: 'column-unknown', column: 'Nova' });
    expect(() => match(['ID_COISA', 'OBJETO', 'VALOR', ''], { unknownColumns: 'fail' })).not.toThrow();
  });

  it('become text columns under names that are free with unknown_columns: text', () => {
    const header = match(['ID_COISA', 'OBJETO', 'Situação', 'situacao', ' SITUACAO ', 'Valor ', 'id', '%', '', '2024'], {
      unknownColumns: 'text',
    });
    expect(header.mapped).toEqual({
      id: 'ID_COISA',
      titulo: 'OBJETO',
      valor: 'Valor',
      situacao: 'Situação',
      situacao_2: 'situacao',
      situacao_3: 'SITUACAO',
      id_2: 'id',
      column_8: '%',
      2024: '2024',
    });
    expect(header.unknown).toEqual(['Situação', 'situacao', 'SITUACAO', 'id', '%', '2024']);
    expect(header.shape.columns.find(({ name }) => name === 'situacao_2')!.type).toEqual({ kind: 'text' });
  });

  it('do not take the name of a declared column that the file lacks', () => {
    const columns = [columnOf('id'), columnOf('valor', 'text', {}, ['VL'])];
    const header = matchHeader(
      datasetOf(columns, { unknownColumns: 'text' }),
      [{ rowNumber: 1, cells: ['ID', 'Valor'] }],
      'x.csv',
    );
    expect(placeOf(header)).toEqual({ id: 0, valor: -1, valor_2: 1 });
  });

  it('are reported when their name begins with _, which is ours', () => {
    const header = match(['ID_COISA', 'OBJETO', '_row', '_hash'], { unknownColumns: 'text' });
    expect(header.renamed).toEqual({ _row: 'row', _hash: 'hash' });
    expect(match(['ID_COISA', 'OBJETO', '_row']).renamed).toEqual({});
  });

  it('have names of at most 63 bytes that differ, cut between characters', () => {
    const long = 'ß'.repeat(40);
    const names = Object.keys(match(['ID_COISA', 'OBJETO', long, `${long}x`], { unknownColumns: 'text' }).mapped).filter((name) =>
      name.includes('ß'),
    );
    expect(names.toSorted()).toEqual([`${'ß'.repeat(30)}_2`, 'ß'.repeat(31)]);
  });
});
