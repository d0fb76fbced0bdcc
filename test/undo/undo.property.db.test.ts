import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configOf, csv, obras, story } from '../run/story.ts';
import { undoIn } from './undo-in.ts';

type Row = { readonly id: number; readonly nome: string; readonly valor: string };

/** Few keys and few values, so that days meet each other; the letters are numbers that do not parse, and so rejects. */
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.integer({ min: 1, max: 7 }),
  nome: fc.constantFrom('', 'a', '"b\\|\t', 'ção 😀'),
  valor: fc.constantFrom('', '0', '1,5', '-2', 'x', 'y'),
});
const day = fc.uniqueArray(row, { minLength: 1, maxLength: 7, selector: ({ id }) => id });
const days = fc.array(day, { minLength: 2, maxLength: 4 });
const onVanish = fc.constantFrom('mark', 'delete');

const file = (rows: readonly Row[]) => csv(...rows.map(({ id, nome, valor }) => `${id};${cell(nome)};${valor};;`));
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

type Live = ReadonlyMap<string, string>;

/** Days in one database each, and the live records after every one of them, as texts by id. */
async function live(all: readonly (readonly Row[])[], vanish: string) {
  const told = await story(configOf(obras(`on_vanish: ${vanish}`)));
  const snapshot = async (): Promise<Live> => {
    const rows = await told.project.query(
      "SELECT id, (id, nome, valor, ano, dia, encode(_hash, 'hex'))::text AS line FROM obras WHERE _vanished_at IS NULL ORDER BY id",
    );
    return new Map(rows.map((found) => [String(found['id']), String(found['line'])]));
  };
  const runs: string[] = [];
  const snapshots: Live[] = [new Map()];
  for (const rows of all) {
    const { run } = await told.day(file(rows));
    expect(run.error).toBeNull();
    runs.push(run.run_id!);
    snapshots.push(await snapshot());
  }
  return { ...told, runs, snapshots, snapshot };
}

const evening = '2026-11-09T20:00:00Z';
const run = { numRuns: 6 };

describe('for any days of inserts, changes, rejects, vanished and restored records', () => {
  it('an undo of the last run leaves the live records exactly as they were before it', async () => {
    await fc.assert(
      fc.asyncProperty(days, onVanish, async (all, vanish) => {
        await using told = await live(all, vanish);
        const report = await undoIn(told.project, told.runs.at(-1)!, evening);
        expect(await told.snapshot()).toEqual(told.snapshots.at(-2));
        expect(report.datasets[0]).toMatchObject({ kept: 0, not_restorable: 0, stored: told.snapshots.at(-2)!.size });
      }),
      run,
    );
  }, 120_000);

  it('an undo of an earlier run does the same, but keeps and lists what changed since', async () => {
    await fc.assert(
      fc.asyncProperty(days, onVanish, fc.nat(), async (all, vanish, pick) => {
        await using told = await live(all, vanish);
        const index = pick % (all.length - 1);
        const { snapshots } = told;
        const isChanged = (id: string, by: number) => snapshots[by]!.get(id) !== snapshots[by + 1]!.get(id);
        const ids = [...new Set(snapshots.flatMap((snapshot) => [...snapshot.keys()]))].toSorted();
        const since = ids.filter((id) => all.some((_, later) => later > index && isChanged(id, later)));
        const report = await undoIn(told.project, told.runs[index]!, evening);
        const expected = new Map(
          ids
            .map((id) => [id, (since.includes(id) ? snapshots.at(-1)! : snapshots[index]!).get(id)] as const)
            .filter(([, line]) => line !== undefined),
        );
        expect(await told.snapshot()).toEqual(expected);
        expect(report.datasets[0]!.kept_rows.map(({ id }) => id)).toEqual(since.filter((id) => isChanged(id, index)));
      }),
      run,
    );
  }, 120_000);
});
