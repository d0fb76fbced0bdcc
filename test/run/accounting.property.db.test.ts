import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Project } from '../support/project.ts';
import { rowsWithXmin } from '../support/project.ts';
import { dayOf, emptyState, type Cells, type Settings, type State } from './model.ts';
import { configOf, entry, story } from './story.ts';

/** Each costs about a second; PROPERTY_RUNS=500 looks further. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 12);

const settings: fc.Arbitrary<Settings> = fc.record({
  key: fc.constantFrom('id', 'id, nome', 'content'),
  duplicates: fc.constantFrom('reject', 'first', 'last'),
  distinct: fc.boolean(),
  snapshot: fc.constantFrom('full', 'full', 'delta'),
  onVanish: fc.constantFrom('mark', 'mark', 'delete', 'ignore'),
});

const row: fc.Arbitrary<Cells> = fc.tuple(
  fc.constantFrom('1', '2', '3', ' 4 ', '5|', '\\N', '', '-'),
  fc.constantFrom('a', 'b', ' a', 'ação; "x"', 'linha\nduas', '\t', '', 'NULL'),
  fc.constantFrom('1', '1,00', '2,5', '-0', 'abc', ''),
  fc.constantFrom('2025', '2025', '2025', '2024', 'y', ''),
);

/** The first row is always a record: a file of which nothing is left is for other tests. */
const file = fc.array(row, { maxLength: 14 }).map((rows): Cells[] => [['0', 'z', '1', '2025'], ...rows]);

const configurationOf = ({ key, duplicates, distinct, snapshot, onVanish }: Settings) =>
  configOf(
    entry('obras', [
      'entity: obra',
      `key: ${key === 'content' ? key : `[${key}]`}`,
      ...(key === 'content' ? [] : ['required_values: [id]']),
      'columns: { id: {}, nome: {}, valor: { type: "decimal(18,2)" }, ano: { type: integer } }',
      `where: { ano: { enum: [2025, null] } }`,
      `duplicates: ${duplicates}`,
      `distinct: ${distinct}`,
      `snapshot: ${snapshot}`,
      `on_vanish: ${onVanish}`,
      'max_rejected_percent: 100',
      'max_vanished_percent: 100',
    ]),
  );

const csvOf = (rows: readonly Cells[]) =>
  ['id;nome;valor;ano', ...rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')), ''].join('\n');

describe('any files on any two days', () => {
  it(
    'give the counts, the table, the lineage and the quarantine of the model, and once more nothing at all',
    async () => {
      await fc.assert(
        fc.asyncProperty(settings, file, file, async (chosen, first, second) => {
          await using days = await story(configurationOf(chosen));
          let state = emptyState;
          for (const rows of [first, second]) {
            const liveBefore = [...state.table.values()].filter(({ isLive }) => isLive).length;
            const expected = dayOf(chosen, rows, state);
            // Forced: the second file may be the first once more, and is to be read all the same.
            const { run, dataset, counts } = await days.day(csvOf(rows), { force: true });
            expect(run.error).toBe(null);
            expect(counts).toEqual(expected.counts);
            expect(balanceOf(counts!)).toBe(counts!.read);
            expect(dataset).toMatchObject({
              kept: expected.kept,
              stored: liveBefore + counts!.inserted + counts!.restored - counts!.vanished,
              sources: [{ footer_rows: expected.footer, blank_rows: expected.blank }],
            });
            state = expected.state;
            await expectStored(days.project, state);
            const written = await rowsWithXmin(days.project, ['obras', 'lineage_history', 'quarantine']);
            expect((await days.again({ force: true })).run).toMatchObject({ status: 'unchanged', exit_code: 0 });
            expect(await rowsWithXmin(days.project, ['obras', 'lineage_history', 'quarantine'])).toEqual(written);
          }
        }),
        { numRuns },
      );
    },
    60_000 + numRuns * 10_000,
  );
});

function balanceOf(counts: Record<string, number>): number {
  const parts = ['inserted', 'updated', 'unchanged', 'restored', 'duplicate', 'filtered', 'rejected'];
  return parts.reduce((sum, part) => sum + counts[part]!, 0);
}

type Row = Record<'id' | 'nome' | 'valor' | 'ano', string | null>;

async function expectStored(project: Project, state: State): Promise<void> {
  const rows = await project.query(
    "SELECT id, nome, valor::text, ano::text, encode(_hash, 'hex') AS hash, _vanished_at IS NULL AS live FROM obras",
  );
  const actual = rows.map(({ id, nome, valor, ano, live }) => JSON.stringify([id, nome, valor, ano, live]));
  const expected = [...state.table.values()].map(({ values, isLive }) => JSON.stringify([...values, isLive]));
  expect(actual.toSorted()).toEqual(expected.toSorted());
  for (const row of rows) expect(row['hash']).toBe(recordHash(row as Row));
  const [counted] = await project.query(`
    SELECT (SELECT count(*)::int FROM data_lineage) AS lineage,
      (SELECT count(*)::int FROM obras_live) AS live,
      (SELECT count(*)::int FROM quarantine WHERE status = 'open') AS open,
      (SELECT count(*)::int FROM quarantine) AS rejects`);
  const live = [...state.table.values()].filter(({ isLive }) => isLive).length;
  const open = [...state.quarantine.values()].filter(Boolean).length;
  expect(counted).toEqual({ lineage: state.changes, live, open, rejects: state.quarantine.size });
}

/** As the README tells anyone to recompute it. */
function recordHash({ id, nome, valor, ano }: Row): string {
  const parts = Object.entries({ ano, id, nome, valor }).filter(([, value]) => value !== null);
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(parts)))
    .digest('hex');
}
