import { describe, expect, it } from 'vitest';
import { createProject, datasetOf, rowsWithXmin, type Engine } from '../support/project.ts';

const yaml = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
    - name: obras
      entity: obra
      key: [id]
      columns:
        id: { from: [ID_OBRA] }
        valor: { from: [VALOR], type: "decimal(18,2)" }
        inicio: { from: [INICIO], type: date }
        nome: { from: [NOME] }
`;

const dayOne = 'ID_OBRA;VALOR;INICIO;NOME\n1;10,50;01/02/2025;Ponte\n2;20;02/02/2025;Escola\n3;;;"Praça; ""nova"""\n';
const dayTwo = 'ID_OBRA;VALOR;INICIO;NOME\n1;10,50;01/02/2025;Ponte\n2;25;02/02/2025;Escola\n4;1;;Rua\n3;;;"Praça; ""nova"""\n';

describe.each<Engine>(['postgres', 'pglite'])('a run on %s', (engine) => {
  it('loads, says unchanged, updates, and tells the lineage of every version', async () => {
    await using project = await createProject(yaml, engine);
    await project.put('2026-11-20', 'obras.csv', dayOne);
    const first = await project.run({ date: '2026-11-20' });
    expect(first).toMatchObject({ status: 'success', exit_code: 0, error: null });
    expect(datasetOf(first, 'obras')).toMatchObject({
      status: 'loaded',
      stored: 3,
      balanced: true,
      counts: { read: 3, inserted: 3 },
    });

    const tables = ['obras', 'lineage_history', 'quarantine'];
    const before = await rowsWithXmin(project, tables);
    for (const force of [false, true]) {
      const again = await project.run({ date: '2026-11-20', force });
      expect(again).toMatchObject({ status: 'unchanged', exit_code: 0 });
      expect(datasetOf(again, 'obras')).toMatchObject({
        status: 'unchanged',
        counts: { read: 3, unchanged: 3, inserted: 0 },
        stored: 3,
      });
      const after = await rowsWithXmin(project, tables);
      expect(after).toEqual(before);
    }

    await project.put('2026-11-21', 'obras.csv', dayTwo);
    const second = await project.run({ date: '2026-11-21' });
    expect(datasetOf(second, 'obras')).toMatchObject({ counts: { read: 4, inserted: 1, updated: 1, unchanged: 2 }, stored: 4 });
    const lineage = await project.query(
      "SELECT operation, row_number, changes FROM data_lineage WHERE entity_id = '2' ORDER BY created_at",
    );
    expect(lineage).toEqual([
      { operation: 'insert', row_number: 3, changes: null },
      { operation: 'update', row_number: 3, changes: { valor: { from: '20.00', to: '25.00' } } },
    ]);
  });
});
