import { describe, expect, it } from 'vitest';
import { createWorkspace, day, type Workspace } from './workspace.ts';

const names = ['obras', 'pontes', 'escolas', 'pracas'];

/** What every machine has: all datasets, of which it loads one. */
const config = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
${names.map((name) => `    - { name: ${name}, key: [id], columns: { id: { type: integer }, valor: { type: "decimal(18,2)" } } }`).join('\n')}
`;

const rows = 20_000;

function fileOf(valor: string): string {
  return `id;valor\n${Array.from({ length: rows }, (_, index) => `${index};${valor}\n`).join('')}`;
}

describe('four machines with one database', () => {
  it('load a dataset each at the same time, from an empty database on, and each tells the whole truth of its own', async () => {
    // A folder each, and the first one's database.
    await using shared = await createWorkspace(config);
    const machines: Workspace[] = [shared];
    await using stack = new AsyncDisposableStack();
    for (const _ of names.slice(1)) machines.push(stack.use(await createWorkspace(config, 'pglite')));
    const env = { DATABASE_URL: shared.databaseUrl };
    const allRun = async () =>
      Promise.all(machines.map((machine, index) => machine.runJson(['--dataset', names[index]!, '--date', day, '--force'], env)));

    for (const [index, machine] of machines.entries()) await machine.put(day, `${names[index]!}.csv`, fileOf('1,00'));
    const first = await allRun();
    expect(first.map(({ code, report }) => [code, report.datasets.map(({ name, counts }) => [name, counts?.inserted])])).toEqual(
      names.map((name) => [0, [[name, rows]]]),
    );
    // Not one after the other: while each was at work, so was another.
    const alone = await shared.query(
      `SELECT a.id FROM runs a WHERE NOT EXISTS (
         SELECT FROM runs b WHERE b.id <> a.id AND b.started_at < a.finished_at AND a.started_at < b.finished_at)`,
    );
    expect(alone).toEqual([]);

    for (const [index, machine] of machines.entries())
      await machine.put(day, `${names[index]!}.csv`, fileOf('1,00').replace('\n0;1,00', '\n0;2,00'));
    const second = await allRun();
    expect(second.map(({ report }) => report.datasets[0]?.counts)).toEqual(
      names.map(() => expect.objectContaining({ inserted: 0, updated: 1, unchanged: rows - 1 }) as object),
    );
    for (const name of names)
      expect(await shared.query(`SELECT count(*)::int AS rows, sum(valor)::text AS valor FROM ${name}_live`)).toEqual([
        { rows, valor: `${rows + 1}.00` },
      ]);
    expect(await shared.query("SELECT count(*)::int AS updates FROM data_lineage WHERE operation = 'update'")).toEqual([
      { updates: 4 },
    ]);
  });
});
