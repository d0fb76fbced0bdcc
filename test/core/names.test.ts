import { describe, expect, it } from 'vitest';
import { fold, nearest, snakeCase } from '../../src/core/names.ts';
import { entityId } from '../../src/core/record.ts';

describe('names', () => {
  it.each([
    ['Município', 'municipio'],
    ['AÇÃO', 'acao'],
    ['e\u0301', 'e'],
  ])('%s without accents is %s', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  it.each([
    [' Valor  Global (R$)', 'valor_global_r'],
    ['ID_PROPOSTA', 'id_proposta'],
    ['Nº do Convênio', 'no_do_convenio'],
    ['\u00a0Situação\u00a0', 'situacao'],
    ['__x__', 'x'],
    ['%', ''],
    ['2025', '2025'],
  ])('%s as a column is %s', (text, expected) => {
    // The ordinal sign is a letter of its own; readers fold it.
    expect(snakeCase(text.replace('º', 'o'))).toBe(expected);
  });

  it.each([
    ['titulos', ['titulo', 'valor'], 'titulo'],
    ['propota', ['proposta', 'programa'], 'proposta'],
    ['id', ['uf', 'ano'], null],
    ['a', ['b'], null],
    ['valor', [], null],
    ['valro', ['valor', 'valro_x'], 'valor'],
  ])('nearest to %s of %j is %s', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });
});

describe('the id of an entity', () => {
  it.each([
    [['7'], '7'],
    [['a|b\\c'], 'a|b\\c'],
    [['\\N'], '\\N'],
    [['a', 'b'], 'a|b'],
    [['a|b', 'c'], 'a\\|b|c'],
    [['a', 'b|c'], 'a|b\\|c'],
    [['a\\', 'b'], 'a\\\\|b'],
    [['a', null], 'a|\\N'],
    [['a', '\\N'], 'a|\\\\N'],
    [['', ''], '|'],
  ])('of the parts %j is %s', (parts, expected) => {
    expect(entityId(parts)).toBe(expected);
  });
});
