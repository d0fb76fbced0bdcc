import { describe, expect, it } from 'vitest';
import { claims, singular } from '../../src/source/match.ts';
import type { Dataset } from '../../src/core/dataset.ts';

/** Only name and match are looked at. */
function dataset(name: string, ...match: string[]): Dataset {
  return { name, match } as unknown as Dataset;
}

const takers = (file: string, ...datasets: Dataset[]) => claims(file, datasets).map(({ name }) => name);

describe('a dataset without patterns', () => {
  it.each([
    ['propostas', 'propostas.csv', true],
    ['propostas', 'siconv_proposta.csv', true],
    ['propostas', 'SICONV_PROPOSTA.CSV.ZIP', true],
    ['propostas', 'Propostas 2026-11-22.xlsx', true],
    ['propostas', 'siconv_proposta_20261122.csv', true],
    ['propostas', '2026_11_22_propostas.csv', true],
    ['propostas', 'siconv_programa_proposta.csv', false],
    ['propostas', 'programa_proposta.csv', false],
    ['propostas', 'propostas_antigas.csv', false],
    ['propostas', 'contrapropostas.csv', false],
    ['apoiadores', 'siconv_apoiador.csv', true],
    ['apoiadores', 'apoiadores (1).csv', true],
    ['situacoes', 'situação.csv', true],
    ['municipios', 'Municípios.ods', true],
    ['municipios', 'municipio-ibge.ods', true],
  ])('%s and the file %s: %s', (name, file, isTaken) => {
    expect(takers(file, dataset(name))).toEqual(isTaken ? [name] : []);
  });
});

describe('the singular', () => {
  it.each([
    ['propostas', 'proposta'],
    ['apoiadores', 'apoiador'],
    ['situacoes', 'situacao'],
    ['paes', 'pao'],
    ['municipais', 'municipal'],
    ['papeis', 'papel'],
    ['farois', 'farol'],
    ['homens', 'homem'],
    ['luzes', 'luz'],
    ['paises', 'pais'],
    ['obra', 'obra'],
  ])('of %s is %s', (plural, expected) => {
    expect(singular(plural)).toBe(expected);
  });
});

describe('patterns', () => {
  it.each([
    ['*siconv_proposta*', 'siconv_proposta.csv', true],
    ['*siconv_proposta*', 'SICONV_PROPOSTA_2026.CSV', true],
    ['*propostas*', 'Relatório de Propostas.xlsx', true],
    ['*relatório*', 'RELATORIO.csv', true],
    ['obras-????.csv', 'obras-2026.csv', true],
    ['obras-????.csv', 'obras-26.csv', false],
    ['obras.{csv,zip}', 'obras.zip', true],
    ['obras-[0-9].csv', 'obras-7.csv', true],
    ['obras-[0-9].csv', 'obras-x.csv', false],
    ['*', 'qualquer.csv', true],
  ])('%s and the file %s: %s', (pattern, file, isTaken) => {
    expect(takers(file, dataset('x', pattern))).toEqual(isTaken ? ['x'] : []);
  });

  it('of the most literal characters take the file', () => {
    expect(takers('siconv_programa_proposta.csv', dataset('a', '*proposta*'), dataset('b', '*programa_proposta*'))).toEqual([
      'b',
    ]);
    expect(takers('siconv_proposta.csv', dataset('a', '*proposta*'), dataset('b', '*programa_proposta*'))).toEqual(['a']);
  });

  it('count only what they literally say: wildcards, classes and braces do not make them specific', () => {
    expect(takers('obras1.csv', dataset('a', '*[0-9a-zA-Z_]*????*'), dataset('b', 'obras*'))).toEqual(['b']);
  });

  it('of one dataset compete by its best', () => {
    expect(takers('obras_novas.csv', dataset('a', '*o*', 'obras_novas*'), dataset('b', '*obras*'))).toEqual(['a']);
  });

  it('that are the very same share the file', () => {
    expect(takers('dados.csv', dataset('a', '*dados*'), dataset('b', '*dados*'))).toEqual(['a', 'b']);
  });

  it('that fit equally well are an error that names both datasets, both patterns and the file', () => {
    const both = [dataset('a', '*obras*x*'), dataset('b', '*obrasx*')];
    expect(() => claims('obrasx.csv', both)).toThrow('Both a ("*obras*x*") and b ("*obrasx*") claim the file obrasx.csv.');
    expect(() => claims('obrasx.csv', both)).toThrow(expect.objectContaining({ code: 'file-ambiguous', exitCode: 2 }));
  });

  it('of nobody leave the file alone', () => {
    expect(takers('leia-me.csv', dataset('a', 'obras*'), dataset('propostas'))).toEqual([]);
    expect(takers('leia-me.csv')).toEqual([]);
  });
});
