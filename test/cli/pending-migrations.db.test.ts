import { describe, expect, it } from 'vitest';
import { configOf, csv, obras } from '../run/story.ts';
import { projetus } from '../support/command.ts';
import { createProject, rowsWithXmin } from '../support/project.ts';
import { everyLeaf } from './every-command.ts';

/** How a migration is taken back: what the database of an older version looks like. */
const takenBack: readonly (readonly [migration: string, statements: string])[] = [
  [
    '0004-known-lines',
    'ALTER TABLE datasets DROP COLUMN line_reading, DROP COLUMN line_reading_since; ALTER TABLE obras DROP COLUMN _raw',
  ],
  ['0003-alerts', 'DROP TABLE alerts, alert_deliveries; DROP INDEX runs_undoes'],
  ['0002-retried-keys', 'ALTER TABLE quarantine DROP COLUMN retried_key'],
];

const pendingError = 'migrations-pending';

/** What every command is given, its exit code on the tables of an older version, and the error that it names. */
const commands: Readonly<Record<string, readonly [args: string, code: number, error: string | null]>> = {
  run: ['--dry-run --date 2026-11-01', 0, null],
  'dry-run': ['--date 2026-11-01', 0, null],
  // Asks no table for what no dataset has, an address.
  fetch: ['', 2, 'usage'],
  reconcile: ['', 2, pendingError],
  'lineage show': ['obra 1', 2, pendingError],
  'lineage run': ['20261101', 2, pendingError],
  'lineage file': ['abcdef0', 2, pendingError],
  'lineage prune': ['', 2, pendingError],
  'runs list': ['', 2, pendingError],
  'runs show': ['20261101', 2, pendingError],
  'runs undo': ['20261101 --yes', 2, pendingError],
  'quarantine list': ['', 2, pendingError],
  'quarantine show': ['1', 2, pendingError],
  'quarantine export': ['rejects.csv', 2, pendingError],
  'quarantine retry': ['', 2, pendingError],
  'quarantine discard': ['--dataset obras --yes', 2, pendingError],
  // Asks no table; none of its channels is enabled here.
  'alerts test': ['', 2, 'usage'],
  'alerts list': ['', 2, pendingError],
  'alerts ack': ['1', 2, pendingError],
  health: ['', 3, null],
  // Names it and goes on. It finds that the clock of this test is not that of the server.
  doctor: ['', 2, null],
  // These ask no database.
  init: ['--from no-such-file.csv', 7, 'source-unreadable'],
  validate: ['', 0, null],
  schema: ['', 0, null],
  completion: ['bash', 0, null],
};

/** Those that tell of it without ending there. */
const tellers = ['health', 'doctor'];

describe('a database that an older version wrote last', () => {
  it.each([1, 2, 3])('by %i migrations is named by every command but run, which is told how to go on', async (count) => {
    await using project = await createProject(configOf(obras('max_rejected_percent: 100')));
    await project.put('2026-11-01', 'obras.csv', csv('1;a;1,50;2025;', '2;b;x;2025;'));
    const clock = () => new Date('2026-11-01T12:20:00Z');
    expect(await project.run({ date: '2026-11-01', clock })).toMatchObject({ exit_code: 0 });
    for (const [migration, statements] of takenBack.slice(0, count)) {
      for (const statement of statements.split('; ')) await project.query(statement);
      await project.query(`DELETE FROM projetus_migrations WHERE name = '${migration}'`);
    }
    const pending = takenBack.slice(0, count).map(([migration]) => migration);
    const before = await rowsWithXmin(project, ['runs', 'quarantine', 'obras', 'projetus_migrations']);
    expect(everyLeaf().toSorted()).toEqual(Object.keys(commands).toSorted());
    for (const [command, [args, expected, error]] of Object.entries(commands)) {
      const { code, stdout, stderr } = await projetus(project, `${command} ${args}`.trim());
      expect.soft(code, `${command}: ${stdout}${stderr}`).toBe(expected);
      expect.soft(/^error \[(.*?)\]/m.exec(stderr)?.[1] ?? null, command).toBe(error);
      const next = error === pendingError ? /\n {2}next: projetus run applies what is missing/ : /^/;
      expect.soft(stderr, command).toMatch(next);
      const told = error === pendingError || tellers.includes(command) ? pending : [];
      expect
        .soft(
          told.filter((name) => !`${stdout}${stderr}`.includes(name)),
          command,
        )
        .toEqual([]);
    }
    expect(await rowsWithXmin(project, ['runs', 'quarantine', 'obras', 'projetus_migrations'])).toEqual(before);
    expect(await project.run({ date: '2026-11-01', clock: () => new Date('2026-11-01T12:40:00Z') })).toMatchObject({
      status: 'unchanged',
      exit_code: 0,
    });
    expect(await projetus(project, 'alerts list')).toMatchObject({ code: 0 });
  });
});
