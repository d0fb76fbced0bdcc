import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset.ts';
import { inOrderOfRelations, selectDatasets } from '../../src/run/order.ts';

function dataset(name: string, ...parents: string[]): Dataset {
  const relations = parents.map((parent) => ({ column: 'x', references: { dataset: parent, column: 'id' }, onOrphan: 'warn' }));
  return { name, relations } as unknown as Dataset;
}

const namesOf = (datasets: readonly Dataset[]) => datasets.map(({ name }) => name);

describe('the order of datasets', () => {
  it.each([
    ['that of the configuration without relations', [dataset('b'), dataset('a')], ['b', 'a']],
    ['the parent before its child', [dataset('a', 'b'), dataset('b')], ['b', 'a']],
    ['grandparents first', [dataset('a', 'b'), dataset('b', 'c'), dataset('c')], ['c', 'b', 'a']],
    [
      'that of the configuration among children of one parent',
      [dataset('a', 'z'), dataset('b', 'z'), dataset('z')],
      ['z', 'a', 'b'],
    ],
    ['any, for one that refers to itself', [dataset('a', 'a'), dataset('b')], ['a', 'b']],
    ['without parents that are not loaded', [dataset('a', 'elsewhere')], ['a']],
  ])('is %s', (_, datasets, expected) => {
    expect(namesOf(inOrderOfRelations(datasets))).toEqual(expected);
  });

  it('has every dataset once, its parents before it', () => {
    // A parent has a smaller number, so there is no circle.
    const graphs = fc
      .array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 12 })
      .map((parents) =>
        parents.map((numbers, index) =>
          dataset(`d${index}`, ...numbers.filter((number) => number < index).map((number) => `d${number}`)),
        ),
      );
    fc.assert(
      fc.property(graphs, fc.integer(), (datasets, seed) => {
        const shuffled = datasets.toSorted(
          (a, b) => ((a.name.length * seed) % 7) - ((b.name.length * seed) % 7) || (a.name < b.name ? 1 : -1),
        );
        const ordered = namesOf(inOrderOfRelations(shuffled));
        expect(ordered.toSorted()).toEqual(namesOf(datasets).toSorted());
        for (const { name, relations } of datasets)
          for (const { references } of relations) expect(ordered.indexOf(references.dataset)).toBeLessThan(ordered.indexOf(name));
      }),
    );
  });
});

describe('the datasets asked for', () => {
  const all = [dataset('propostas'), dataset('apoiadores'), dataset('emendas')];

  it.each([
    [[], ['propostas', 'apoiadores', 'emendas']],
    [
      ['emendas', 'propostas'],
      ['propostas', 'emendas'],
    ],
    [['emendas', 'emendas'], ['emendas']],
  ])('by %j are %j', (names, expected) => {
    expect(namesOf(selectDatasets(all, names))).toEqual(expected);
  });

  it.each([
    ['proposta', 'did you mean propostas?'],
    ['x', 'the datasets are: propostas, apoiadores, emendas'],
  ])('cannot be %s: %s', (name, hint) => {
    expect(() => selectDatasets(all, [name])).toThrow(expect.objectContaining({ code: 'usage', hint }));
  });
});
