import { describe, expect, it } from 'vitest';
import { datasetOf } from '../support/project.ts';
import { configOf, counted, entry, story } from './story.ts';

/** Works of municipalities; the parent stands behind its child in the configuration. */
function config(onOrphan: string, ...parentLines: string[]): string {
  const child = entry('obras', [
    'key: [id]',
    'columns: { id: {}, ibge: { type: integer } }',
    'max_rejected_percent: 100',
    'max_vanished_percent: 100',
    `relations: [{ column: ibge, references: municipios.ibge, on_orphan: ${onOrphan} }]`,
  ]);
  const parent = entry('municipios', [
    'key: [ibge]',
    'columns: { ibge: { type: integer }, nome: {} }',
    'max_rejected_percent: 100',
    'max_vanished_percent: 100',
    ...parentLines,
  ]);
  return configOf(child, parent);
}

const none = { filtered: 0, rejected: 0, vanished: 0, unknown: 0, unread: 0 };
const municipios = 'ibge;nome\n10;A\n20;B\n';
const obras = 'id;ibge\n1;10\n2;20\n3;30\n4;\n5;030\n';

describe('relations', () => {
  it('warn of rows that refer to nothing and load them; blank cells refer to nothing', async () => {
    await using days = await story(config('warn'));
    const run = await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    expect(run.exit_code).toBe(0);
    expect(datasetOf(run, 'obras')).toMatchObject({
      counts: counted({ read: 5, inserted: 5 }),
      relations: [{ column: 'ibge', references: 'municipios.ibge', matched: 2, orphans: 2 }],
    });
    expect(run.alerts).toMatchObject([{ code: 'orphans-found', severity: 'warning', dataset: 'obras' }]);
  });

  it('are silent where the configuration ignores orphans', async () => {
    await using days = await story(config('ignore'));
    const run = await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    expect(run.alerts).toEqual([]);
    expect(datasetOf(run, 'obras').counts).toEqual(counted({ read: 5, inserted: 5 }));
  });

  it('reject rows that refer to nothing, with their raw cells, and keep the stored version', async () => {
    await using days = await story(config('reject'));
    const first = await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    expect(datasetOf(first, 'obras')).toMatchObject({
      counts: counted({ read: 5, inserted: 3, rejected: 2, new_rejects: 2 }),
      relations: [{ matched: 2, orphans: 2 }],
      rejects: [
        { row: 4, code: 'orphan', column: 'ibge' },
        { row: 6, code: 'orphan' },
      ],
    });
    expect((await days.quarantine()).map((row) => row['raw'])).toEqual([
      ['3', '30'],
      ['5', '030'],
    ]);
    const second = await days.files({ 'obras.csv': 'id;ibge\n1;99\n2;20\n4;\n', 'municipios.csv': municipios });
    expect(datasetOf(second, 'obras')).toMatchObject({
      counts: counted({ read: 3, unchanged: 2, rejected: 1, new_rejects: 1 }),
      kept: 1,
    });
  });

  it('count a parent that vanishes the same day as absent, and one that comes the same day as present', async () => {
    await using days = await story(config('reject'));
    await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    const second = await days.files({ 'obras.csv': obras, 'municipios.csv': 'ibge;nome\n10;A\n30;C\n' });
    expect(datasetOf(second, 'obras')).toMatchObject({
      counts: counted({ read: 5, unchanged: 2, inserted: 2, rejected: 1, new_rejects: 1 }),
      relations: [{ matched: 3, orphans: 1 }],
      kept: 1,
    });
  });

  it('are measured over the stored rows of a child that did not change, against the parent of today', async () => {
    await using days = await story(config('warn'));
    await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    const second = await days.files({ 'obras.csv': obras, 'municipios.csv': 'ibge;nome\n10;A\n' });
    expect(datasetOf(second, 'obras')).toMatchObject({
      status: 'unchanged',
      relations: [{ matched: 1, orphans: 3 }],
    });
    expect(second.alerts.map(({ code }) => code)).toContain('orphans-found');
  });

  it('count a parent whose row was rejected today: its stored version stays', async () => {
    await using days = await story(config('reject', 'required_values: [ibge, nome]'));
    await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    const second = await days.files({ 'obras.csv': 'id;ibge\n1;10\n2;20\n6;20\n', 'municipios.csv': 'ibge;nome\n10;A\n20;\n' });
    expect(datasetOf(second, 'obras').counts).toEqual(counted({ read: 3, unchanged: 2, inserted: 1, vanished: 1 }));
  });

  it('that reject are looked at again when the parent was loaded since, in this run or one of its own', async () => {
    await using days = await story(config('reject'));
    await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    await days.files({ 'obras.csv': obras, 'municipios.csv': 'ibge;nome\n10;A\n20;B\n30;C\n' }, { datasets: ['municipios'] });
    const third = await days.files({ 'obras.csv': obras, 'municipios.csv': 'ibge;nome\n10;A\n20;B\n30;C\n' });
    expect(datasetOf(third, 'obras').counts).toEqual(counted({ read: 5, unchanged: 3, inserted: 2 }));
    expect((await days.quarantine()).map((row) => row['status'])).toEqual(['gone', 'gone']);
    const fourth = await days.files({ 'obras.csv': obras, 'municipios.csv': 'ibge;nome\n10;A\n20;B\n30;C\n' });
    expect(fourth.status).toBe('unchanged');
    expect(datasetOf(fourth, 'obras').sources[0]!.header_row).toBe(null);
  });

  it.each(['mark', 'delete'])(
    'look a parent up in its table when it is not in the run, without those that vanished (%s)',
    async (onVanish) => {
      await using days = await story(config('reject', `on_vanish: ${onVanish}`));
      await days.files({ 'obras.csv': 'id;ibge\n1;10\n', 'municipios.csv': municipios });
      await days.files({ 'obras.csv': 'id;ibge\n1;10\n', 'municipios.csv': 'ibge;nome\n10;A\n' });
      const part = await days.files({ 'obras.csv': 'id;ibge\n1;10\n7;10\n8;20\n' }, { datasets: ['obras'] });
      expect(part.datasets.map(({ name }) => name)).toEqual(['obras']);
      expect(datasetOf(part, 'obras').counts).toEqual(
        counted({ read: 3, unchanged: 1, inserted: 1, rejected: 1, new_rejects: 1 }),
      );
    },
  );

  it('find nothing in a parent that was never loaded', async () => {
    await using days = await story(config('warn'));
    const part = await days.files({ 'obras.csv': 'id;ibge\n1;10\n2;\n' }, { datasets: ['obras'] });
    expect(datasetOf(part, 'obras').relations).toMatchObject([
      { column: 'ibge', references: 'municipios.ibge', matched: 0, orphans: 1, orphan_causes: { unknown: 1 } },
    ]);
  });

  it('make several new tables in one run, the parent before its child', async () => {
    await using days = await story(config('warn'));
    const run = await days.files({ 'obras.csv': obras, 'municipios.csv': municipios });
    expect(run.datasets.map(({ name, stored }) => [name, stored])).toEqual([
      ['municipios', 2],
      ['obras', 5],
    ]);
    expect(run.ddl.filter((statement) => statement.startsWith('CREATE TABLE'))).toHaveLength(2);
    expect(await days.project.query('SELECT entity_type, count(*)::int AS n FROM data_lineage GROUP BY 1 ORDER BY 1')).toEqual([
      { entity_type: 'municipios', n: 2 },
      { entity_type: 'obras', n: 5 },
    ]);
  });

  it('leave no new table when another dataset of the run is refused', async () => {
    await using days = await story(
      config('warn', 'max_rejected_percent: 0').replace(
        'max_rejected_percent: 100\n      max_vanished_percent: 100\n      max_rejected_percent: 0',
        'max_rejected_percent: 0',
      ),
    );
    const run = await days.files({ 'obras.csv': obras, 'municipios.csv': 'ibge;nome\nx;A\n20;B\n' });
    expect(run).toMatchObject({ exit_code: 5, status: 'held' });
    expect(run.datasets.map(({ name, status }) => [name, status])).toEqual([
      ['municipios', 'held'],
      ['obras', 'ready'],
    ]);
    expect(await days.project.query("SELECT to_regclass('obras') AS a, to_regclass('municipios') AS b")).toEqual([
      { a: null, b: null },
    ]);
  });
});

describe('a dataset that refers to itself', () => {
  const self = (onOrphan: string, ...lines: string[]) =>
    configOf(
      entry('obras', [
        'key: [id]',
        'columns: { id: {}, parte_de: {}, n: { type: integer } }',
        'max_rejected_percent: 100',
        'max_vanished_percent: 100',
        `relations: [{ column: parte_de, references: obras.id, on_orphan: ${onOrphan} }]`,
        ...lines,
      ]),
    );

  it('finds its parents in the same file', async () => {
    await using days = await story(self('warn'));
    const run = await days.files({ 'obras.csv': 'id;parte_de;n\n1;;\n2;1;\n3;9;\n' });
    expect(datasetOf(run, 'obras').relations).toEqual([
      {
        column: 'parte_de',
        references: 'obras.id',
        matched: 1,
        orphans: 1,
        orphan_causes: { ...none, unknown: 1 },
        orphan_samples: [{ value: '9', file: 'obras.csv', sheet: null, row: 4, cause: 'unknown' }],
      },
    ]);
  });

  it('rejects rows that lost their parent to a rejection, down the whole chain', async () => {
    await using days = await story(self('reject'));
    const run = await days.files({ 'obras.csv': 'id;parte_de;n\n1;;\n2;9;\n3;2;\n4;3;\n5;1;\n6;7;\n7;6;\n' });
    expect(datasetOf(run, 'obras').counts).toEqual(counted({ read: 7, inserted: 4, rejected: 3, new_rejects: 3 }));
    expect((await days.rows('id')).map((row) => row['id'])).toEqual(['1', '5', '6', '7']);
  });

  it('keeps a stored parent whose own row was rejected today', async () => {
    await using days = await story(self('reject'));
    await days.files({ 'obras.csv': 'id;parte_de;n\n1;;1\n2;1;2\n' });
    const run = await days.files({ 'obras.csv': 'id;parte_de;n\n1;;x\n2;1;2\n3;1;3\n' });
    expect(datasetOf(run, 'obras')).toMatchObject({
      counts: counted({ read: 3, unchanged: 1, inserted: 1, rejected: 1, new_rejects: 1 }),
      kept: 1,
    });
  });

  it('finds stored parents when the file is a delta', async () => {
    await using days = await story(self('reject', 'snapshot: delta'));
    await days.files({ 'obras.csv': 'id;parte_de;n\n1;;1\n' });
    const run = await days.files({ 'obras.csv': 'id;parte_de;n\n2;1;2\n' });
    expect(datasetOf(run, 'obras').counts).toEqual(counted({ read: 1, inserted: 1 }));
  });
});
