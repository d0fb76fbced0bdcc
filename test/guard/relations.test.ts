import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset.ts';
import type { DatasetReport, OrphanCauses, RelationReport } from '../../src/core/report.ts';
import { causesText, relationsGuard } from '../../src/guard/relations.ts';
import type { Watched } from '../../src/guard/watched.ts';

const none: OrphanCauses = { filtered: 0, rejected: 0, vanished: 0, unknown: 0, unread: 0 };

function relation(matched: number, orphans: number, column = 'ibge'): RelationReport {
  const references = `municipios.${column}`;
  return { column, references, matched, orphans, orphan_causes: { ...none, unknown: orphans }, orphan_samples: [] };
}

function watched(now: RelationReport[], before: RelationReport[], onOrphan = 'warn'): Watched {
  const relations = now.map(({ column }) => ({ column, references: { dataset: 'municipios', column }, onOrphan }));
  return {
    dataset: { name: 'obras', relations } as unknown as Dataset,
    report: { relations: now } as unknown as DatasetReport,
    liveBefore: null,
    floorRows: 20,
    last: null,
    lastRelations: before,
  };
}

describe('a relation that matched', () => {
  it.each([
    ['finds nothing any more', [relation(0, 5)], [relation(3, 2)], 'warn', true],
    ['finds nothing any more, and orphans are rejects', [relation(0, 5)], [relation(3, 2)], 'reject', true],
    ['finds nothing any more, and nobody wants to know', [relation(0, 5)], [relation(3, 2)], 'ignore', false],
    ['finds something still', [relation(1, 1000)], [relation(1000, 0)], 'warn', false],
    ['refers to nothing any more', [relation(0, 0)], [relation(3, 2)], 'warn', false],
    ['never matched', [relation(0, 5)], [relation(0, 4)], 'warn', false],
    ['is new', [relation(0, 5)], [], 'warn', false],
    ['was another one', [relation(0, 5)], [relation(3, 2, 'cnpj')], 'warn', false],
    ['refers to another column now', [{ ...relation(0, 5), references: 'municipios.nome' }], [relation(3, 2)], 'warn', false],
    ['is one of two', [relation(7, 0, 'cnpj'), relation(0, 5)], [relation(3, 2), relation(7, 0, 'cnpj')], 'warn', true],
  ])('%s', (_, now, before, onOrphan, isHeld) => {
    expect(relationsGuard(watched(now, before, onOrphan))?.guard ?? null).toBe(isHeld ? 'relations' : null);
  });

  it('is told with both numbers, the causes and a place, and without the value, which may be personal', () => {
    const sample = { value: '52998224725', file: 'obras.csv', sheet: null, row: 4, cause: 'unknown' as const };
    const lost = { ...relation(0, 5), orphan_causes: { ...none, rejected: 2, unknown: 3 }, orphan_samples: [sample] };
    expect(relationsGuard(watched([lost, relation(0, 1, 'cnpj')], [relation(3, 2), relation(9, 0, 'cnpj')]))).toEqual({
      guard: 'relations',
      message:
        'obras: none of 5 rows finds its ibge in municipios.ibge (2 rejected there today, 3 unknown there), where 3 did in the run before; none of 1 rows finds its cnpj in municipios.cnpj (1 unknown there), where 9 did in the run before.',
      facts: {
        relations: [
          { column: 'ibge', references: 'municipios.ibge', before: 3, orphans: 5 },
          { column: 'cnpj', references: 'municipios.cnpj', before: 9, orphans: 1 },
        ],
      },
      hint: 'compare how both files write these values, such as line 4 of obras.csv',
    });
  });
});

describe('the causes of orphans', () => {
  it('are named by what can be done about them first, those without a row left out', () => {
    expect(causesText({ filtered: 1, rejected: 2, vanished: 3, unknown: 4, unread: 5 })).toBe(
      '2 rejected there today, 1 filtered there today, 3 vanished there, 4 unknown there, 5 unknown there, or refused in files that were not read again',
    );
    expect(causesText({ ...none, unknown: 4 })).toBe('4 unknown there');
  });
});
