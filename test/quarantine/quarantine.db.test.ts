import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { countRejects } from '../../src/quarantine/count-rejects.ts';
import { findReject, newestRejects } from '../../src/quarantine/kept-rejects.ts';
import { maskCells, maskErrors } from '../../src/quarantine/mask.ts';
import { everyReject, type RejectFilter } from '../../src/quarantine/reject-filter.ts';
import { withOperationalTables } from '../../src/runs.ts';
import type { Project } from '../support/project.ts';
import { configOf, entry, story } from '../run/story.ts';
import { collect, configOfProject, discardIn, exportIn, openProject, readCsv, retryIn } from './quarantined.ts';

const dataset = (name: string) =>
  entry(name, [
    'key: [id]',
    'max_rejected_percent: 100',
    'columns: { id: {}, valor: { type: integer }, quem: { from: [CPF do dono], format: cpf }, uf: { format: uf } }',
  ]);
const yaml = configOf(dataset('obras'), dataset('ruas'));
const obrasFile = 'id;valor;CPF do dono;uf\n1;x;11122233344;ZZ\n2;y;;\n3;1;;\n4;z;52998224725\n';
const ruasFile = 'uf;id;valor;CPF do dono\nYY;1;1;\n';

async function filled(engine: 'postgres' | 'pglite' = 'postgres') {
  const days = await story(yaml, engine);
  await days.files({ 'obras.csv': obrasFile, 'ruas.csv': ruasFile });
  return days;
}

async function listed(project: Project, filter: Partial<RejectFilter>, limit = 100) {
  await using database = await openProject(project);
  return await withOperationalTables(database, async (db) => {
    const all = { ...everyReject, ...filter };
    const pages = await collect(newestRejects(db, all, limit));
    return { ...(await countRejects(db, all)), ids: pages.flat().map(({ id }) => id) };
  });
}

describe('the list of rejects', () => {
  it('is newest first, with how many there are of each dataset and code', async () => {
    await using days = await filled();
    expect(await listed(days.project, {})).toEqual({
      total: 4,
      ids: ['4', '3', '2', '1'],
      groups: [
        { dataset: 'obras', code: 'type-error', rejects: 2 },
        { dataset: 'obras', code: 'format', rejects: 1 },
        { dataset: 'obras', code: 'row-short', rejects: 1 },
        { dataset: 'ruas', code: 'format', rejects: 1 },
      ],
    });
  });

  it.each([
    [{ datasets: ['ruas'] }, ['4']],
    [{ codes: ['format'] }, ['4', '1']],
    [{ codes: ['format', 'row-short'], datasets: ['obras'] }, ['3', '1']],
    [{ ids: ['2', '99'] }, ['2']],
    [{ runs: ['2026'] }, ['4', '3', '2', '1']],
    [{ runs: ['1999'] }, []],
    [{ statuses: ['discarded' as const] }, ['2']],
    [{ statuses: ['open' as const, 'discarded' as const] }, ['4', '3', '2', '1']],
  ])('takes the filter %j', async (filter, ids) => {
    await using days = await filled();
    await discardIn(days.project, { ids: ['2'] });
    expect((await listed(days.project, filter))!.ids).toEqual(ids);
  });

  it('has pages of any number of rows, and stops at the limit', async () => {
    await using days = await filled();
    await days.project.query(`
      INSERT INTO quarantine (run_id, dataset, source_id, source_file, row_number, raw, raw_hash, occurrence, errors)
      SELECT run_id, dataset, source_id, source_file, n, raw, int4send(n), 1, errors FROM quarantine, generate_series(1, 1200) n WHERE id = 1`);
    const all = (await listed(days.project, {}, Number.POSITIVE_INFINITY))!;
    expect(all).toMatchObject({ total: 1204 });
    expect(all.ids.map(Number)).toEqual(Array.from({ length: 1204 }, (_, index) => 1204 - index));
    expect((await listed(days.project, {}, 700))!.ids).toHaveLength(700);
    expect((await listed(days.project, {}, 3))!.ids).toHaveLength(3);
  });

  it('is the same on the embedded database', async () => {
    await using days = await filled('pglite');
    expect((await listed(days.project, { codes: ['format'], runs: ['2026'], statuses: ['open'] }))!.ids).toEqual(['4', '1']);
    const path = await exportIn(days.project, 'a.csv', { datasets: ['obras'] });
    expect(readCsv(await readFile(path, 'utf8'))).toHaveLength(4);
    expect(await discardIn(days.project, { ids: ['1', '2'] })).toBe(2);
    expect((await retryIn(days.project, { from: await exportIn(days.project, 'b.xlsx') })).left.map(({ id }) => id)).toEqual([
      '3',
      '4',
    ]);
  });
});

describe('personal data of a reject', () => {
  async function shown(project: Project, id: string) {
    const { datasets } = (await configOfProject(project)).extraction;
    await using database = await openProject(project);
    const reject = (await withOperationalTables(database, (db) => findReject(db, id)))!;
    const declared = datasets.find(({ name }) => name === reject.dataset);
    return {
      cells: maskCells(reject.raw, reject.header, reject.errors, declared),
      values: maskErrors(reject.errors, declared).map(({ value }) => value),
    };
  }

  it('is masked under the header of a cpf column, and in its errors', async () => {
    await using days = await filled();
    expect(await shown(days.project, '1')).toEqual({ cells: ['1', 'x', '***', 'ZZ'], values: ['x', '***', 'ZZ'] });
    expect(await shown(days.project, '2')).toEqual({ cells: ['2', 'y', '', ''], values: ['y'] });
  });

  it('is masked wherever it may have slipped', async () => {
    await using days = await filled();
    expect(await shown(days.project, '3')).toEqual({ cells: ['***', '***', '***'], values: [null] });
  });

  it('is everything, when the dataset is not configured any more', async () => {
    await using days = await filled();
    await days.project.configure(configOf(dataset('obras')));
    expect(await shown(days.project, '4')).toEqual({ cells: ['***', '***', '***', ''], values: ['***'] });
  });

  it('is whole in an export', async () => {
    await using days = await filled();
    const path = await exportIn(days.project, 'a.csv', { datasets: ['obras'] });
    expect(await readFile(path, 'utf8')).toContain('"11122233344"');
  });
});

describe('an export to a .csv', () => {
  it('of files with different headers is refused, and says how to choose', async () => {
    await using days = await filled();
    await expect(exportIn(days.project, 'a.csv')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('2 different headers: 3 of obras (4 columns), 1 of ruas (4 columns)') as string,
      hint: expect.stringContaining('--dataset') as string,
    });
    await expect(exportIn(days.project, 'a.txt')).rejects.toMatchObject({ code: 'usage' });
    await expect(exportIn(days.project, 'a.csv', { codes: ['enum'] })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('discarded rejects', () => {
  it('are counted once, and stay discarded when their row comes again', async () => {
    await using days = await filled();
    expect(await discardIn(days.project, { datasets: ['obras'], codes: ['type-error'] })).toBe(2);
    expect(await discardIn(days.project, { datasets: ['obras'] })).toBe(1);
    expect(await discardIn(days.project, { datasets: ['obras'] })).toBe(0);
    await days.files({ 'obras.csv': obrasFile, 'ruas.csv': ruasFile }, { force: true });
    const statuses = await days.project.query('SELECT status FROM quarantine ORDER BY id');
    expect(statuses.map(({ status }) => status)).toEqual(['discarded', 'discarded', 'discarded', 'open']);
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ name: 'ruas' }] });
  });

  it('are none, when one of the ids does not exist', async () => {
    await using days = await filled();
    await expect(discardIn(days.project, { ids: ['1', '99'] })).rejects.toMatchObject({
      code: 'usage',
      message: 'The quarantine has no reject 99.',
    });
    expect((await listed(days.project, { statuses: ['open'] }))!.total).toBe(4);
  });
});
