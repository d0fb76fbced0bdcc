import { describe, expect, test } from 'vitest';
import { decideDialect, DIALECT_SAMPLE_BYTES } from '../../src/parse/dialect.ts';
import { problemOf } from './problem.ts';

const titles = 'Relatório de convênios, exercício de 2026\nEmitido em Recife, 3 de agosto; sem valor legal\n\n';

describe('the delimiter', () => {
  const cases: readonly (readonly [string, string, string | null])[] = [
    ['is the one that splits every row', 'a;b\n1;2\n', ';'],
    ['may be a comma', 'a,b\n1,2\n3,4\n', ','],
    ['may be a tab', 'a\tb\n1,5\t2,5\n', '\t'],
    ['may be a bar', 'a|b|c\n1|x;y|2\n', '|'],
    ['is not the comma of decimals', 'a;b\n1,5;2,5\n3,5;4,5\n', ';'],
    ['is not the comma of decimals, though the header has one', 'a (R$ 1,00);b\n1,5;2\n3,5;4\n', ';'],
    [
      'is not the comma of prose, though it is in every row',
      'Nome, sobrenome;Cidade, UF\nAna, B;Recife, PE\nEva, C;Natal, RN\n',
      ';',
    ],
    ['is not the comma of one column below a header without', 'Cidade;Valor\nRecife,PE;1\nOlinda,PE;2\n', ';'],
    ['is the comma, though quoted text holds semicolons', 'id,texto\n1,"a;b"\n2,"c;d"\n', ','],
    ['is the comma between integers', 'a,b,c\n1,2,3\n4,5,6\n', ','],
    ['is the comma of quoted cells full of prose', 'id,texto\n1,"a, b, c; d"\n2,"e, f, g; h"\n', ','],
    ['is found below title rows', `${titles}id;nome;valor\n1;Ana;1,50\n2;Eva;2,50\n3;Ivo;3,50\n`, ';'],
    ['is found below many title rows', `${'Nota sem separador\n'.repeat(30)}id;nome\n1;Ana\n2;Eva\n`, ';'],
    ['is found above notes', 'id;nome\n1;Ana\n2;Eva\n3;Ivo\nFonte: Tesouro\nNota, com vírgula\n', ';'],
    ['is found though line breaks are quoted, in the header too', '"id\nchave";"nome, do\nente"\n1;"a,\n,,b"\n2;"c"\n', ';'],
    ['is found though some rows are short or long', 'a;b;c\n1;2;3\n1;2\n1;2;3;4\n1;2;3\n', ';'],
    [
      'is the one of the first header, though another does as well below it',
      'Cidade;Valor\nRecife,PE;1\nOlinda,PE;2\nIta,PE;3;4\n',
      ';',
    ],
    ['is the one that every row agrees on', 'Nome,x;Cidade\nA,b;R\nC;d\nE,f;g\n', ';'],
    ['is the one that every row below the title agrees on', 'Nota\nNome,x;Cidade\nA,b;R\nC;d\nE,f;g\n', ';'],
    ['is the one of many more cells', 'a;b;c;d;e,x;f\n1;2;3;4;5,y;6\n', ';'],
    ['does not stand after a closing quote', '"id","nome;x"\n"1","b;c"\n"2","d;e"\n', ','],
    ['is found for a header and one short row', 'a;b\n1\n', ';'],
    ['is found for a header alone', 'id;nome;valor', ';'],
    ['is found for a header alone, with commas', 'id,nome', ','],
    ['is found though no row is filled', 'a;b;c\n;;\n;;\n', ';'],
    ['is none for one column', 'id\n1\n2\n', null],
    ['is none for one column with a few commas', 'observacao\na, b\nc\nd\n', null],
    ['is the one that Excel’s first line announces', 'sep=|\na|b;c;d\n1|2;3;4\n', '|'],
  ];
  test.each(cases)('%s', (_, text, delimiter) => {
    expect(decideDialect(Buffer.from(text), true, 'auto', 'a.csv').delimiter).toBe(delimiter);
    expect(decideDialect(Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`), true, 'auto', 'a.csv').delimiter).toBe(delimiter);
  });

  test('is the configured one without a look', () => {
    expect(decideDialect(Buffer.from('a;b\n'), true, '|', 'a.csv')).toMatchObject({
      delimiter: '|',
      decisions: ['delimiter "|": it is configured'],
    });
  });

  test('is explained in the receipt', () => {
    expect(decideDialect(Buffer.from(`Título\n\na;b\n1;2\n`), true, 'auto', 'a.csv').decisions).toEqual([
      'delimiter ";": 2 of 3 rows at the top have 2 cells',
    ]);
  });

  test('is told from complete records only', () => {
    const text = `a;b\n${'1;"x,y"\n'.repeat(20_000)}`;
    const sample = Buffer.from(text).subarray(0, DIALECT_SAMPLE_BYTES);
    expect(decideDialect(sample, false, 'auto', 'a.csv').delimiter).toBe(';');
    expect(decideDialect(sample.subarray(0, -4), false, 'auto', 'a.csv').delimiter).toBe(';');
  });

  test.each([
    [
      'two delimiters do as well, whatever a third makes of a quote',
      'x|"y,z;w\n1,b;c\nd,e;f\n',
      '";" gives 2 cells in 3 of 3 rows, "," gives',
      '";"',
    ],
    [
      'two delimiters do as well',
      'Cidade,UF;Nome\nRecife,PE;Ana\nNatal,RN;Eva\n',
      '";" gives 2 cells in 3 of 3 rows, "," gives 2 cells in 3 of 3 rows',
      '";"',
    ],
    ['no two rows agree', 'a,b,c\n1\n1,2\n1,2,3,4\n1,2,3,4,5\n\n1,2,3,4,5,6\n', '"," gives', '","'],
    ['only the first row has several cells', 'observacao,geral\na\nb\nc\n', '"," gives', '","'],
    ['one column is full of commas', 'observacao\na,b\nc,d,e\nf\ng,h,i,j\n', '"," gives', '","'],
  ])('is refused when %s, with the line of configuration that settles it', async (_, text, seen, suggested) => {
    const error = await problemOf(() => decideDialect(Buffer.from(text), true, 'auto', 'a.csv'));
    expect(error.code).toBe('dialect-uncertain');
    expect(error.message).toContain(seen);
    expect(error.hint).toContain(`format: { delimiter: ${suggested} }`);
  });

  test('is refused when no record ends in the sample', async () => {
    const error = await problemOf(() => decideDialect(Buffer.from('a;b'.repeat(20_000)), false, 'auto', 'a.csv'));
    expect(error).toMatchObject({ code: 'dialect-uncertain' });
  });
});

describe('the line end', () => {
  test.each([
    ['lf', 'a;b\n1;2\n'],
    ['lf', 'a;b\r\n1;2\r\n'],
    ['lf', 'a;b\n1\r;2\n'],
    ['lf', '"a\rx";b\n'],
    ['cr', 'a;b\r1;2\r'],
    ['cr', 'a;b\r1;"2\n3"\r4;5'],
  ] as const)('is %s for %j', (lineEnd, text) => {
    expect(decideDialect(Buffer.from(text), true, 'auto', 'a.csv')).toMatchObject({ lineEnd, delimiter: ';' });
  });
});
