import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { audit } from '../reconcile/audit.ts';
import { exportIn, retryIn } from '../quarantine/quarantined.ts';
import { lineageOf } from '../run/story.ts';
import { root } from '../support/code-files.ts';
import { createProject, datasetOf, type Project } from '../support/project.ts';
import { undoIn } from '../undo/undo-in.ts';
import { config, fixtureFolder, nextDay, pastDays } from './days.ts';

const fixtures = join(root, 'test/fixtures/databases');
const dumps = (await readdir(fixtures)).filter((name) => name.endsWith('.sql'));

/** Later than everything that the fixtures hold, so that what follows follows. */
const now = '2026-12-01T15:00:00Z';
const clock = () => new Date(now);

describe('the fixtures', () => {
  it('are there', () => {
    expect(dumps).toContain('0.1.0.sql');
  });
});

describe.each(dumps)('a database that an earlier version wrote: %s', (dump) => {
  it('gets the migrations that are new, and keeps every record, version and reject, when the same files come again', async () => {
    await using project = await restored(dump);
    const before = await contents(project);
    expect(await project.run({ date: pastDays.last.date, clock })).toMatchObject({ exit_code: 0, status: 'unchanged' });
    expect(await contents(project)).toEqual(before);
    const applied = await project.query('SELECT name FROM projetus_migrations ORDER BY name');
    expect(applied.map(({ name }) => name)).toEqual(Object.keys(migrations).toSorted());
  });

  it('is read and compared to the last byte by --force, and nothing differs', async () => {
    await using project = await restored(dump);
    const before = await contents(project);
    const report = await project.run({ date: pastDays.last.date, clock, force: true });
    expect(report).toMatchObject({ exit_code: 0, status: 'unchanged' });
    expect(datasetOf(report, 'obras').counts).toMatchObject({ read: 9, unchanged: 6, rejected: 3, vanished: 0 });
    expect(await contents(project)).toEqual(before);
  });

  it('has record hashes that anyone can compute again, and versions that lead to a line of a file', async () => {
    await using project = await restored(dump);
    expect(await project.run({ date: nextDay.date, clock })).toMatchObject({ exit_code: 0 });
    await expectHashes(project);
    await expectTraceable(project);
  });

  it('agrees with its files to the last value, before and after the next day', async () => {
    await using project = await restored(dump);
    await project.run({ date: pastDays.last.date, clock });
    expect(await audit(project)).toMatchObject({ match: true });
    const report = await project.run({ date: nextDay.date, clock });
    expect(datasetOf(report, 'obras').counts).toMatchObject({
      read: 9,
      inserted: 1,
      updated: 1,
      unchanged: 4,
      rejected: 3,
      vanished: 1,
    });
    expect(await audit(project)).toMatchObject({ match: true });
  });

  it('remembers a record’s whole life', async () => {
    await using project = await restored(dump);
    await project.run({ date: pastDays.last.date, clock });
    const operations = async (id: string) => (await lineageOf(project, 'obra', id)).versions.map(({ operation }) => operation);
    expect(await operations('1')).toEqual(['insert', 'update', 'update', 'update']);
    expect(await operations('4')).toEqual(['insert', 'vanish', 'restore']);
    expect(await operations('5')).toEqual(['insert']);
    expect(await operations('10')).toEqual(['insert', 'vanish']);
  });

  it('lets an old run be taken back; what changed since stays', async () => {
    await using project = await restored(dump);
    // Only a run migrates; other commands say that it has to.
    await project.run({ date: pastDays.last.date, clock });
    const [old] = await project.query(`SELECT id FROM runs WHERE business_date = '${pastDays.fourth.date}'`);
    const report = await undoIn(project, String(old!['id']), now);
    expect(report).toMatchObject({ status: 'success' });
    const rows = await project.query('SELECT id, nome, valor::text FROM obras WHERE _vanished_at IS NULL ORDER BY id');
    expect(rows.find(({ id }) => id === '3')).toMatchObject({ valor: '300.00' });
    expect(rows.map(({ id }) => id)).not.toContain('4');
    // The run of the fifth day changed it too, and was undone: that is a change since.
    expect(rows.find(({ id }) => id === '1')).toMatchObject({ nome: 'Ponte nova' });
    await expectHashes(project);
  });

  it('takes back a reject that is corrected, and never again the one that was', async () => {
    await using project = await restored(dump);
    await project.run({ date: pastDays.last.date, clock });
    const path = await exportIn(project, 'rejects.csv');
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"nove"');
    await writeFile(path, text.replace('"nove"', '"9,00"'));
    expect(await retryIn(project, { from: path, clock })).toMatchObject({ left: [] });
    expect(await project.query(`SELECT valor::text FROM obras WHERE id IN ('5', '9') ORDER BY id`)).toEqual([
      { valor: '5.00' },
      { valor: '9.00' },
    ]);
    // Their rows are refused as before, and the records stay.
    await project.run({ date: nextDay.date, clock });
    expect(await project.query('SELECT id FROM obras WHERE _vanished_at IS NULL ORDER BY id')).toEqual(
      ['1', '11', '2', '3', '4', '5', '8', '9'].map((id) => ({ id })),
    );
    expect(await project.query('SELECT status, count(*)::int FROM quarantine GROUP BY 1 ORDER BY 1')).toEqual([
      { status: 'discarded', count: 1 },
      { status: 'retried', count: 2 },
    ]);
  });

  it('goes on with the alerts that are open', async () => {
    await using project = await restored(dump);
    const open = () =>
      project.query(`SELECT id, code, dataset FROM alerts WHERE status = 'open' AND code = 'source-stale' ORDER BY id`);
    const before = await open();
    expect(before).toMatchObject([{ dataset: 'medicoes' }, { dataset: 'avisos' }]);
    await project.run({ date: nextDay.date, clock });
    expect(await open()).toEqual(before);
  });
});

/** The database of a dump, and the files that it came from, in a project of its own. */
async function restored(dump: string): Promise<Project> {
  const project = await createProject(config);
  const text = await readFile(join(fixtures, dump), 'utf8');
  const client = new Client({ connectionString: project.databaseUrl });
  await client.connect();
  await client.query(text.replaceAll(fixtureFolder, project.folder));
  await client.end();
  for (const { date, files } of [...Object.values(pastDays), nextDay])
    for (const [name, content] of Object.entries(files)) await project.put(date, name, content);
  return project;
}

const columns: Readonly<Record<string, readonly string[]>> = {
  obras: ['id', 'inicio', 'nome', 'valor'],
  medicoes: ['numero', 'obra', 'pago'],
  avisos: ['texto'],
};

/** What people were promised: records, versions, rejects and runs. Columns that a migration adds are our own affair. */
async function contents(project: Project): Promise<unknown> {
  const tables = Object.entries(columns).map(([table, names]) =>
    project.query(`SELECT ${names.join(', ')}, encode(_hash, 'hex'), _row, _vanished_at FROM ${table} ORDER BY _hash, _row`),
  );
  return Promise.all([
    ...tables,
    project.query('SELECT * FROM data_lineage ORDER BY created_at, entity_type, entity_id, operation'),
    project.query('SELECT id, raw, errors, status, retried_key FROM quarantine ORDER BY id'),
  ]);
}

/** As the README tells anyone to recompute them. */
async function expectHashes(project: Project): Promise<void> {
  for (const [table, names] of Object.entries(columns)) {
    const texts = names.map((name) => `${name}::text AS ${name}`).join(', ');
    const rows = await project.query(`SELECT ${texts}, encode(_hash, 'hex') AS hash FROM ${table}`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { hash, ...record } of rows) {
      const values = Object.entries(record).filter(([, value]) => value !== null);
      expect({ table, record, hash }).toEqual({ table, record, hash: sha256(JSON.stringify(Object.fromEntries(values))) });
    }
  }
}

/** Every version of a record with a key of one column stands in the file and line that it names. */
async function expectTraceable(project: Project): Promise<void> {
  const texts = new Map(
    [...Object.values(pastDays), nextDay].flatMap(({ files }) => Object.values(files)).map((text) => [sha256(text), text]),
  );
  const versions = await project.query(
    `SELECT entity_id, source_sha256, row_number FROM data_lineage WHERE entity_type = 'obra' AND operation <> 'vanish'`,
  );
  const found = versions.filter(({ source_sha256 }) => texts.has(String(source_sha256)));
  // All but that of the corrected file.
  expect(versions.length - found.length).toBe(1);
  for (const { entity_id, source_sha256, row_number } of found) {
    const line = texts.get(String(source_sha256))!.split('\n')[Number(row_number) - 1];
    expect(line?.split(';')[0]).toBe(entity_id);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
