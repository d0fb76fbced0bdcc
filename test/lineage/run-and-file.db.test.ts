import { describe, expect, it } from 'vitest';
import { fileLineage, checksumFrom } from '../../src/lineage/file-lineage.ts';
import { runLineage } from '../../src/lineage/run-lineage.ts';
import { findRun } from '../../src/run-log.ts';
import { withOperationalTables } from '../../src/runs.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import type { Project } from '../support/project.ts';
import { databaseOf, undoIn } from '../undo/undo-in.ts';

type Db = Parameters<typeof findRun>[0];

async function ask<Answer>(project: Project, query: (db: Db) => Promise<Answer>): Promise<Answer> {
  await using database = await databaseOf(project);
  return (await withOperationalTables(database, query))!;
}

const runOf = (project: Project, id: string, samples = 5) =>
  ask(project, async (db) => runLineage(db, await findRun(db, id), samples));

describe('the lineage of a run', () => {
  it.each(['mark', 'delete'])('tells what it did, also when later runs changed it again (on_vanish: %s)', async (onVanish) => {
    await using days = await story(configOf(obras(`on_vanish: ${onVanish}`)));
    const first = await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;', '4;d;;;'));
    const second = await days.day(csv('1;A;;;', '2;B;;;', '3;c;;;', '5;e;;;'));
    const third = await days.day(csv('1;AA;;;', '2;B;;;', '3;c;;;', '5;e;;;'));
    const told = await runOf(days.project, second.run.run_id!);
    expect(told).toMatchObject({
      schema: 'projetus.lineage-run/1',
      run_id: second.run.run_id,
      status: 'success',
      business_date: '2026-11-02',
    });
    expect(told.datasets).toMatchObject([
      {
        name: 'obras',
        entity: 'obra',
        files: [{ source_file: 'obras.csv', sha256: second.dataset.sources[0]!.sha256, status: 'loaded' }],
        operations: { insert: 1, update: 2, restore: 0, vanish: 1 },
      },
    ]);
    expect(told.datasets[0]!.samples).toMatchObject([
      { operation: 'insert', id: '5', source_file: 'obras.csv', row: 5, changes: null },
      { operation: 'update', id: '1', row: 2, changes: { nome: { from: 'a', to: 'A' } } },
      { operation: 'update', id: '2', row: 3, changes: { nome: { from: 'b', to: 'B' } } },
      { operation: 'vanish', id: '4', row: null },
    ]);
    expect((await runOf(days.project, first.run.run_id!)).datasets[0]!.operations).toEqual({
      insert: 4,
      update: 0,
      restore: 0,
      vanish: 0,
    });
    expect((await runOf(days.project, third.run.run_id!, 0)).datasets[0]).toMatchObject({
      operations: { update: 1 },
      samples: [],
    });
  });

  it('of an undo tells the files that values came back from', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;'));
    const second = await days.day(csv('1;A;;;'));
    const undo = await undoIn(days.project, second.run.run_id!, '2026-11-02T20:00:00Z');
    const told = await runOf(days.project, undo.run_id);
    expect(told.datasets).toMatchObject([
      {
        files: [{ status: 'undo', sha256: first.dataset.sources[0]!.sha256 }],
        operations: { update: 1 },
        samples: [{ id: '1', row: 2 }],
      },
    ]);
  });

  it('of a run that read nothing, or whose table is gone, is short', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;'));
    const missing = await days.files({}, { date: '2026-11-01', datasets: ['obras'] });
    expect(missing.error).toBeNull();
    expect((await runOf(days.project, missing.run_id!)).datasets).toMatchObject([{ operations: { insert: 0 } }]);
    await days.project.query('ALTER TABLE obras RENAME TO obras_old');
    expect((await runOf(days.project, first.run.run_id!)).datasets).toMatchObject([{ operations: { insert: 0 }, samples: [] }]);
  });
});

describe('the lineage of a file', () => {
  it('tells every run that read it, and how many live records have their values from it', async () => {
    await using days = await story(configOf(obras()));
    const content = csv('1;a;;;', '2;b;;;', '3;c;;;');
    const first = await days.day(content);
    const sha256 = first.dataset.sources[0]!.sha256;
    const again = await days.again({ random: 'again' });
    const told = async () => ask(days.project, (db) => fileLineage(db, sha256));
    expect(await told()).toMatchObject({
      schema: 'projetus.lineage-file/1',
      sha256,
      known: true,
      datasets: [{ name: 'obras', entity: 'obra', records: 3 }],
    });
    expect(Object.fromEntries((await told()).runs.map(({ run_id, status }) => [run_id, status]))).toEqual({
      [again.run.run_id!]: 'unchanged',
      [first.run.run_id!]: 'loaded',
    });
    const second = await days.day(csv('1;A;;;', '2;b;;;'));
    expect((await told()).datasets).toMatchObject([{ records: 1 }]);
    // The record that vanished names the file in which it was missing.
    const newer = await ask(days.project, (db) => fileLineage(db, second.dataset.sources[0]!.sha256));
    expect(newer.datasets).toMatchObject([{ records: 1 }]);
    await undoIn(days.project, second.run.run_id!, '2026-11-02T20:00:00Z');
    expect((await told()).datasets).toMatchObject([{ records: 3 }]);
    expect((await told()).runs[0]).toMatchObject({ status: 'undo' });
  });

  it('of one that no run has read is empty; the beginning of a checksum is enough when it fits one file', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;'));
    const sha256 = first.dataset.sources[0]!.sha256;
    expect(await ask(days.project, (db) => fileLineage(db, '0'.repeat(64)))).toMatchObject({
      known: false,
      runs: [],
      datasets: [],
    });
    expect(await ask(days.project, (db) => checksumFrom(db, sha256.slice(0, 8).toUpperCase()))).toBe(sha256);
    expect(await ask(days.project, (db) => checksumFrom(db, '000000'))).toBeNull();
    await days.day(csv('1;A;;;'));
    await expect(ask(days.project, (db) => checksumFrom(db, ''))).rejects.toMatchObject({ code: 'usage' });
  });
});
