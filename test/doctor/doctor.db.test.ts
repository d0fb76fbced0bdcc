import { describe, expect, it } from 'vitest';
import { installCitusStandIn } from '../support/citus-stand-in.ts';
import { createDatabase } from '../support/postgres.ts';
import { createProject } from '../support/project.ts';
import { openProxy } from '../support/proxy.ts';
import { createRole, secret, urlAs } from '../e2e/workspace.ts';
import { ward } from './patient.ts';

describe('doctor with a PostgreSQL', () => {
  it('finds an empty database ready, and leaves it empty', async () => {
    await using database = await createDatabase();
    await using place = await ward();
    const { of } = await place.doctor({ DATABASE_URL: database.url });
    for (const name of ['database', 'rights', 'migrations', 'leftovers', 'clock'])
      expect({ name, found: of(name) }).toMatchObject({ name, found: [{ status: 'ok', fix: null }] });
    expect(await database.query("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
  });

  it('names what a role lacks, and the statement that gives it', async () => {
    await using database = await createDatabase();
    await createRole('doctor_poor');
    await database.query(`REVOKE TEMPORARY ON DATABASE ${database.name} FROM public`);
    await database.query('CREATE TABLE obras (id text)');
    await using place = await ward();
    const { report, of } = await place.doctor({ DATABASE_URL: urlAs(database.url, 'doctor_poor') });
    expect(report.exit_code).toBe(2);
    expect(of('rights').map(({ fix }) => fix)).toEqual([
      'GRANT USAGE, CREATE ON SCHEMA public TO doctor_poor;',
      `GRANT TEMPORARY ON DATABASE ${database.name} TO doctor_poor;`,
      'ALTER TABLE … OWNER TO doctor_poor; for each of them',
    ]);
    expect(JSON.stringify(report)).not.toContain(secret);
    // What it says helps.
    await database.query('GRANT USAGE, CREATE ON SCHEMA public TO doctor_poor');
    await database.query(`GRANT TEMPORARY ON DATABASE ${database.name} TO doctor_poor`);
    await database.query('ALTER TABLE obras OWNER TO doctor_poor');
    const again = await place.doctor({ DATABASE_URL: urlAs(database.url, 'doctor_poor') });
    expect(again.of('rights')).toMatchObject([{ status: 'ok' }]);
  });

  it.each([
    {
      title: 'a schema that may not be created',
      sql: null,
      more: 'database: { url: "${DATABASE_URL}", schema: other }\n',
      fix: /^CREATE SCHEMA other AUTHORIZATION/,
    },
    {
      title: 'a database that can only be read',
      sql: 'ALTER ROLE doctor_poor SET default_transaction_read_only = on',
      more: '',
      fix: /primary server/,
    },
  ])('finds $title', async ({ sql, more, fix }) => {
    await using database = await createDatabase();
    await createRole('doctor_poor');
    if (sql) await database.query(sql);
    await using place = await ward();
    if (more) await place.write('config.yaml', `${more}extraction: { files: [{ name: obras, key: [id] }] }\n`);
    const { of } = await place.doctor({ DATABASE_URL: urlAs(database.url, 'doctor_poor') });
    await database.query('ALTER ROLE doctor_poor RESET default_transaction_read_only');
    expect(of('rights').map((finding) => finding.fix)).toEqual(expect.arrayContaining([expect.stringMatching(fix)]));
  });

  it('says that a password is wrong, and that a server stopped answering', async () => {
    await using database = await createDatabase();
    await createRole('doctor_poor');
    await using place = await ward();
    const wrong = await place.doctor({ DATABASE_URL: urlAs(database.url, 'doctor_poor', 'wrong-s3cr3t') });
    expect(wrong.report.exit_code).toBe(2);
    expect(wrong.of('database')).toMatchObject([{ status: 'fail', fix: expect.stringContaining('password') as string }]);
    expect(JSON.stringify(wrong.report)).not.toContain('s3cr3t');
    await using proxy = await openProxy(database.url, { toServer: (chunk) => !chunk.includes('has_schema_privilege') });
    const silent = await place.doctor({ DATABASE_URL: proxy.url });
    expect(silent.report.exit_code).toBe(75);
    expect(silent.of('rights')).toMatchObject([{ status: 'fail' }]);
  });

  it('names tables and columns that are no longer in the configuration, and what would drop them', async () => {
    const yaml = (files: string) => `database: { url: "\${DATABASE_URL}" }\nextraction:\n  files:\n${files}`;
    const obras = "    - { name: obras, match: ['*obras*'], key: [id], columns: { id: { from: [ID] }, uf: { from: [UF] } } }\n";
    const lotes = "    - { name: lotes, match: ['*lotes*'], key: [id], columns: { id: { from: [ID] } } }\n";
    await using project = await createProject(yaml(obras + lotes));
    await project.put('2026-11-20', 'obras.csv', 'ID;UF\n1;SP\n');
    await project.put('2026-11-20', 'lotes.csv', 'ID;UF\n1;SP\n');
    expect(await project.run({ date: '2026-11-20' })).toMatchObject({ exit_code: 0 });
    await using place = await ward();
    const before = await project.query('SELECT count(*)::int AS n FROM lotes');
    const { report, of } = await place.doctor({ DATABASE_URL: project.databaseUrl });
    expect(report.exit_code).toBe(0);
    expect(of('leftovers').map(({ status, message, fix }) => `${status}: ${message}: ${fix}`)).toEqual([
      expect.stringMatching(/^warn: the table lotes \(1 records\).*DROP TABLE "lotes" CASCADE;/),
      expect.stringMatching(/^warn: uf of the table obras is not .*ALTER TABLE "obras" DROP COLUMN "uf" CASCADE;/),
    ]);
    expect(await project.query('SELECT count(*)::int AS n FROM lotes')).toEqual(before);
    for (const { fix } of of('leftovers')) await project.query(/(?:DROP|ALTER)[^;]*;/.exec(fix!)![0]);
    await project.configure(yaml(obras.replace(', uf: { from: [UF] }', '')));
    expect(await project.run({ date: '2026-11-20' })).toMatchObject({ exit_code: 0 });
    expect((await place.doctor({ DATABASE_URL: project.databaseUrl })).of('leftovers')).toMatchObject([{ status: 'ok' }]);
    expect(await project.query('SELECT DISTINCT entity_type FROM data_lineage')).toEqual([{ entity_type: 'obras' }]);
    expect(await project.query('SELECT * FROM obras_live')).toEqual([{ id: '1' }]);
  });

  it('says that the database is of a newer version', async () => {
    await using project = await createProject(
      'database: { url: "${DATABASE_URL}" }\nextraction: { files: [{ name: obras, key: [id] }] }\n',
    );
    await project.put('2026-11-20', 'obras.csv', 'ID;UF\n1;SP\n');
    await project.run({ date: '2026-11-20' });
    await project.query("INSERT INTO projetus_migrations (name, timestamp) VALUES ('9999-from-tomorrow', 'x')");
    await using place = await ward();
    const { report, of } = await place.doctor({ DATABASE_URL: project.databaseUrl });
    expect(report.exit_code).toBe(2);
    expect(of('migrations')).toMatchObject([
      { status: 'fail', message: expect.stringContaining('9999-from-tomorrow') as string },
    ]);
  });

  it.each([
    { aheadMs: 0, status: 'ok' },
    { aheadMs: 300_000, status: 'warn' },
    { aheadMs: -3_600_000, status: 'fail' },
  ])('a clock that is $aheadMs ms ahead is $status', async ({ aheadMs, status }) => {
    await using database = await createDatabase();
    await using place = await ward();
    const clock = () => new Date(Date.now() + aheadMs);
    expect((await place.doctor({ DATABASE_URL: database.url }, { clock })).of('clock')).toMatchObject([{ status }]);
  });
});

describe('doctor with tables that are spread over servers', () => {
  const config = `database: { url: "\${DATABASE_URL}", distribution: citus }
extraction: { files: [{ name: obras, key: [id], columns: { id: { type: integer } } }, { name: pontes, key: content, columns: { a: {} } }] }
`;

  it('finds the extension missing, then no server, then a table that is not spread, and in the end nothing', async () => {
    await using database = await createDatabase();
    await using place = await ward();
    await place.write('config.yaml', config);
    const found = async () => (await place.doctor({ DATABASE_URL: database.url })).of('distribution');
    expect(await found()).toMatchObject([
      {
        status: 'fail',
        message: 'the database has no extension citus',
        fix: expect.stringMatching(/^CREATE EXTENSION citus;/) as string,
      },
    ]);
    await installCitusStandIn(database);
    expect(await found()).toMatchObject([{ status: 'ok', message: 'Citus, 2 servers take rows' }]);
    await database.query('UPDATE pg_dist_node SET isactive = false');
    expect(await found()).toMatchObject([
      { status: 'fail', message: 'no server of the cluster takes rows', fix: "SELECT citus_add_node('HOST', 5432);" },
    ]);
    await database.query('UPDATE pg_dist_node SET isactive = true');
    // Tables that a run had made before anybody thought of a cluster.
    await using project = await createProject(config.replace(', distribution: citus', ''));
    await installCitusStandIn(project);
    await project.put('2026-11-20', 'obras.csv', 'id\n1\n');
    await project.put('2026-11-20', 'pontes.csv', 'a\n1\n');
    await project.run({ date: '2026-11-20' });
    const later = async () => (await place.doctor({ DATABASE_URL: project.databaseUrl })).of('distribution');
    const fixes = [`'"public"."obras"', 'id'`, `'"public"."pontes"', '_key'`].map(
      (what) => `once, with no run at work: SELECT create_distributed_table(${what});`,
    );
    expect((await later()).map(({ status, fix }) => ({ status, fix }))).toEqual(fixes.map((fix) => ({ status: 'fail', fix })));
    await project.query(
      "INSERT INTO pg_dist_partition VALUES ('obras'::regclass, 'h', 'id', 's'), ('pontes'::regclass, 'h', '_key', 's')",
    );
    // Also where somebody has dropped what every run makes anew.
    await project.query('DROP VIEW data_lineage');
    expect(await later()).toMatchObject([{ status: 'ok' }]);
    await project.query("DELETE FROM pg_dist_partition WHERE partkey = 'id'");
    expect(await later()).toMatchObject([{ status: 'fail' }]);
    await project.query("UPDATE pg_dist_partition SET logicalrelid = 'obras'::regclass");
    await place.write('config.yaml', config.replace(', distribution: citus', ''));
    expect(await later()).toMatchObject([
      { status: 'fail', fix: `once, with no run at work: SELECT undistribute_table('"public"."obras"');` },
    ]);
  });

  it('says nothing of it where tables are on one server', async () => {
    await using database = await createDatabase();
    await using place = await ward();
    expect((await place.doctor({ DATABASE_URL: database.url })).of('distribution')).toEqual([]);
  });
});
