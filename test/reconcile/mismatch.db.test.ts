import { describe, expect, it } from 'vitest';
import { auditLevels } from '../../src/reconcile/report.ts';
import { createRole, urlAs } from '../e2e/workspace.ts';
import { configOf, csv, entry, obras, story } from '../run/story.ts';
import { audit, auditOf, clean, found } from './audit.ts';

const day = csv('1;a;1,50;2025;01/02/2025', '2;b;2,50;;', '3;c;;2026;');

describe('a mismatch', () => {
  it.each([
    {
      title: 'a row that was deleted',
      sql: "DELETE FROM obras WHERE id = '2'",
      counts: [1, 0, 0],
      samples: [{ kind: 'missing', id: '2', file: 'obras.csv', row: 3 }],
      seen: 'counts',
    },
    {
      title: 'a row that was marked',
      sql: "UPDATE obras SET _vanished_at = now() WHERE id = '2'",
      counts: [1, 0, 0],
      samples: [{ kind: 'missing', id: '2', row: 3 }],
      seen: 'counts',
    },
    {
      title: 'a row that was added',
      sql: "INSERT INTO obras (id, _hash, _source_id, _row) SELECT '9', _hash, _source_id, 77 FROM obras LIMIT 1",
      counts: [0, 1, 0],
      samples: [{ kind: 'extra', id: '9', file: 'obras.csv', row: 77 }],
      seen: 'counts',
    },
    {
      title: 'a key that was changed',
      sql: "UPDATE obras SET id = '02' WHERE id = '2'",
      counts: [1, 1, 0],
      samples: [
        { kind: 'missing', id: '2' },
        { kind: 'extra', id: '02' },
      ],
      seen: 'keys',
    },
    {
      title: 'a value that was changed',
      sql: "UPDATE obras SET valor = 9 WHERE id = '2'",
      counts: [0, 0, 1],
      samples: [
        { kind: 'different', id: '2', file: 'obras.csv', row: 3, columns: { valor: { source: '2.50', database: '9.00' } } },
      ],
      seen: 'content',
    },
    {
      title: 'a value that was taken away',
      sql: "UPDATE obras SET nome = NULL WHERE id = '2'",
      counts: [0, 0, 1],
      samples: [{ columns: { nome: { source: 'b', database: null } } }],
      seen: 'content',
    },
    {
      title: 'a hash that was changed',
      sql: "UPDATE obras SET _hash = '\\x00' WHERE id = '2'",
      counts: [0, 0, 1],
      samples: [{ columns: { _hash: { database: '\\x00' } } }],
      seen: 'content',
    },
    {
      title: 'a file that is none',
      sql: "UPDATE obras SET _source_id = 0 WHERE id = '2'",
      counts: [0, 0, 1],
      samples: [{ kind: 'unsourced', id: '2', file: null }],
      seen: 'content',
    },
    {
      title: 'a line that was changed',
      sql: "UPDATE obras SET _row = 9 WHERE id = '2'",
      counts: [0, 0, 1],
      samples: [{ columns: { _row: { source: '3', database: '9' } } }],
      seen: 'content',
    },
  ])('is found and shown: $title', async ({ sql, counts: [missing, extra, different], samples, seen }) => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    await told.project.query(sql);
    const matches: boolean[] = [];
    for (const level of auditLevels) matches.push((await auditOf(told.project, 'obras', { level })).match);
    expect(matches).toEqual(auditLevels.map((_, index) => index < auditLevels.findIndex((level) => level === seen)));
    const report = await auditOf(told.project);
    expect({ ...found(report), samples: report.samples }).toMatchObject({ match: false, missing, extra, different, samples });
  });

  it('by two values that were swapped leaves the sums as they were, and is found', async () => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    await told.project.query("UPDATE obras SET valor = CASE id WHEN '1' THEN 2.50 ELSE 1.50 END WHERE id < '3'");
    const report = await auditOf(told.project);
    expect(found(report)).toEqual({ match: false, missing: 0, extra: 0, different: 2 });
    expect(report.columns.find(({ name }) => name === 'valor')).toEqual({
      name: 'valor',
      match: false,
      different: 2,
      nulls: { source: 1, database: 1 },
      sum: { source: '4.00', database: '4.00' },
    });
  });

  it.each([
    { title: 'the table is gone', sql: 'DROP TABLE obras CASCADE', problem: 'there is no table obras' },
    {
      title: 'a column is gone',
      sql: 'DROP VIEW obras_live; ALTER TABLE obras DROP COLUMN nome',
      problem: 'the table has lost columns: nome',
    },
    {
      title: 'a type was changed',
      sql: 'DROP VIEW obras_live; ALTER TABLE obras ALTER COLUMN valor TYPE text',
      problem: 'holds other types than the configuration declares',
    },
    {
      title: 'the log was changed',
      sql: `UPDATE extraction_logs SET row_counts = '{"rows": 2}'`,
      problem: 'has 2 rows for its files, and 3 were counted as read',
    },
    {
      title: 'the checks were changed',
      sql: `UPDATE reconciliations SET details = details || '{"inserted": 2}'`,
      problem: 'read 3 rows, and 2 of them are accounted for',
    },
  ])('is that $title', async ({ sql, problem }) => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    for (const statement of sql.split('; ')) await told.project.query(statement);
    const report = await auditOf(told.project);
    expect(report.match).toBe(false);
    expect(report.problems.join()).toContain(problem);
  });

  it('shows at most ten samples, some of each kind, and counts all', async () => {
    await using told = await story(configOf(obras()));
    await told.day(csv(...Array.from({ length: 60 }, (_, n) => `${n + 10};x;;;`)));
    await told.project.query("DELETE FROM obras WHERE id < '40'");
    await told.project.query("UPDATE obras SET nome = 'y' WHERE id < '60'");
    const report = await auditOf(told.project);
    expect(found(report)).toEqual({ match: false, missing: 30, extra: 0, different: 20 });
    expect(report.samples.map(({ kind }) => kind).toSorted()).toEqual([
      ...Array.from({ length: 5 }, () => 'different'),
      ...Array.from({ length: 5 }, () => 'missing'),
    ]);
  });

  it('shows no personal data, neither as a value nor as a key', async () => {
    const cpf = ['52998224725', '11144477735', '39053344705'];
    const pessoas = (key: string) => configOf(entry('obras', ['columns: { id: {}, cpf: { format: cpf } }', `key: [${key}]`]));
    for (const key of ['id', 'cpf', 'id, cpf']) {
      await using told = await story(pessoas(key));
      await told.day(`id;cpf\n1;${cpf[0]}\n2;${cpf[1]}\n`);
      await told.project.query(`UPDATE obras SET cpf = '${cpf[2]}' WHERE id = '1'`);
      const text = JSON.stringify(await audit(told.project));
      expect(text).toContain('***');
      for (const number of cpf) expect(text).not.toContain(number);
      const stored = await told.project.query("SELECT details::text FROM reconciliations WHERE kind LIKE 'audit%'");
      for (const number of cpf) expect(JSON.stringify(stored)).not.toContain(number);
    }
  });

  it('leaves control characters to whoever prints them', async () => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    await told.project.query(`UPDATE obras SET nome = E'\\u001b[31m' WHERE id = '1'`);
    expect((await auditOf(told.project)).samples[0]!.columns['nome']).toEqual({ source: 'a', database: '\u001b[31m' });
  });
});

describe('two audits in a row', () => {
  it('confirm a mismatch, which becomes an alert', async () => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    expect(await audit(told.project)).toMatchObject({ match: true });
    await told.project.query("UPDATE obras SET nome = 'x' WHERE id = '1'");
    expect(await audit(told.project)).toMatchObject({ match: false, alerts: [], datasets: [{ confirmed: false }] });
    expect(await audit(told.project, { level: 'counts' })).toMatchObject({ match: true, datasets: [{ confirmed: false }] });
    expect(await audit(told.project)).toMatchObject({
      alerts: [{ severity: 'critical', code: 'reconcile-mismatch', dataset: 'obras' }],
      datasets: [{ confirmed: true }],
    });
    const remembered = () => told.project.query("SELECT status FROM alerts WHERE code = 'reconcile-mismatch'");
    // Neither a run nor an audit that looks less closely knows whether it is over.
    await told.again({ force: true });
    await audit(told.project, { level: 'counts' });
    expect(await remembered()).toEqual([{ status: 'open' }]);
    await told.project.query("UPDATE obras SET nome = 'a' WHERE id = '1'");
    expect(await audit(told.project)).toMatchObject({ match: true, alerts: [], datasets: [{ confirmed: false }] });
    expect(await remembered()).toEqual([{ status: 'resolved' }]);
    expect(await told.project.query("SELECT kind, is_match FROM reconciliations WHERE kind LIKE 'audit%' ORDER BY id")).toEqual([
      { kind: 'audit-content', is_match: true },
      { kind: 'audit-content', is_match: false },
      { kind: 'audit-counts', is_match: true },
      { kind: 'audit-content', is_match: false },
      { kind: 'audit-counts', is_match: true },
      { kind: 'audit-content', is_match: true },
    ]);
  });

  it('are no alert where alert_on_mismatch is off', async () => {
    await using told = await story(`reconciliation: { alert_on_mismatch: false }\n${configOf(obras())}`);
    await told.day(day);
    await told.project.query("DELETE FROM obras WHERE id = '1'");
    await audit(told.project);
    expect(await audit(told.project)).toMatchObject({ alerts: [], datasets: [{ confirmed: true }] });
  });

  it('cannot confirm anything for a role that may only read, which is said', async () => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    await createRole('auditor');
    await told.project.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO auditor');
    const databaseUrl = urlAs(told.project.databaseUrl, 'auditor');
    const report = await audit({ ...told.project, databaseUrl });
    expect(report).toMatchObject({ match: true, datasets: [{ level: 'content' }] });
    expect(report.notes[0]).toContain('this audit could not be stored');
    expect(await told.project.query("SELECT FROM reconciliations WHERE kind LIKE 'audit%'")).toEqual([]);
  });

  it('leave nothing else behind: no other row, no temporary table', async () => {
    await using told = await story(configOf(obras()));
    await told.day(day);
    const everything = () =>
      told.project.query(`SELECT relname, n_tup_ins + n_tup_upd + n_tup_del AS writes FROM pg_stat_all_tables
        WHERE schemaname = 'public' AND relname <> 'reconciliations' ORDER BY 1`);
    const before = await everything();
    expect(found(await auditOf(told.project))).toEqual(clean);
    expect(await everything()).toEqual(before);
    expect(
      await told.project.query("SELECT relname FROM pg_class WHERE relname LIKE '\\_audited%' OR relname LIKE '\\_staged%'"),
    ).toEqual([]);
  });
});
