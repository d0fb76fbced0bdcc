import { describe, expect, it } from 'vitest';
import type { DatasetReport, SourceReport } from '../../src/core/report.ts';
import { headerDrift } from '../../src/run/header-drift.ts';

type Columns = Partial<SourceReport['columns']>;

function report(...files: Columns[]): DatasetReport {
  const sources = files.map((columns) => ({ columns: { mapped: {}, unknown: [], missing: [], renamed: {}, ...columns } }));
  return { sources } as unknown as DatasetReport;
}

const names = (...unknown: string[]) => report({ unknown });
const drift = (part: object) => ({ added: [], lost: [], renamed: [], ...part });

describe('the drift of a header', () => {
  it.each<[string, DatasetReport | null, DatasetReport, object | null]>([
    ['is none where there is nothing to compare with', null, names('a'), null],
    ['is none where the files were not read', names('a'), report({}), null],
    ['is none for the same names', names('a', 'b'), names('a', 'b'), null],
    ['is none for another order', names('a', 'b', 'c'), names('c', 'a', 'b'), null],
    ['is none for another case, accents and blanks', names('Município'), names(' MUNICIPIO'), null],
    ['is none for a column that is declared now', names('A'), report({ mapped: { x: 'A' } }), null],
    ['names what is new', names('a'), names('a', 'Nova'), drift({ added: ['Nova'] })],
    ['names what is lost', names('a', 'Velha'), names('a'), drift({ lost: ['Velha'] })],
    [
      'tells a new name that resembles',
      names('VL_TOTAL'),
      names('VL_TOTAIS'),
      drift({ renamed: [{ from: 'VL_TOTAL', to: 'VL_TOTAIS' }] }),
    ],
    ['does not take a short name for another', names('UF', 'X'), names('ID', 'X'), drift({ added: ['ID'], lost: ['UF'] })],
    [
      'knows that two names of one declared column are one',
      report({ mapped: { titulo: 'OBJETO' }, unknown: ['TITULOS'] }),
      report({ mapped: { titulo: 'Assunto' }, unknown: ['OBJETOS'] }),
      drift({ added: ['OBJETOS'], lost: ['TITULOS'], renamed: [{ from: 'OBJETO', to: 'Assunto' }] }),
    ],
    [
      'gives a new name to one column only',
      names('valor_a', 'valor_b'),
      names('valor_c'),
      drift({ lost: ['valor_b'], renamed: [{ from: 'valor_a', to: 'valor_c' }] }),
    ],
    [
      'is that of all files together',
      report({ unknown: ['a'] }, { unknown: ['b'] }),
      report({ unknown: ['a', 'b'] }, { unknown: ['b'] }),
      null,
    ],
    ['finds names of signs', names('%', 'a'), names('#', 'a'), drift({ added: ['#'], lost: ['%'] })],
  ])('%s', (_, before, now, expected) => {
    expect(headerDrift(before, now)).toEqual(expected);
  });

  it('pairs no names of hostile headers: too many of them, or as long as a page', () => {
    const many = (letter: string) => names(...Array.from({ length: 16_000 }, (_, index) => `${letter}${index}`));
    const long = (last: string) => names('x'.repeat(1_000_000) + last);
    const started = performance.now();
    expect(headerDrift(many('a'), many('b'))!.renamed).toEqual([]);
    expect(headerDrift(long('a'), long('b'))!.renamed).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
