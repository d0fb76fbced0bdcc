import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunReport } from '../../src/core/report.ts';
import { root } from '../support/code-files.ts';
import { projetus } from '../support/command.ts';
import { installCitusStandIn } from '../support/citus-stand-in.ts';
import { createProject, type Project } from '../support/project.ts';

/** Every kind of key, of vanishing and of refusal; what others refer to is on every server. */
const files = `
extraction:
  files:
    - name: programas
      distribution: reference
      key: [id]
      max_vanished_percent: 100
      columns: { id: { type: integer }, nome: {} }
    - name: propostas
      key: [id]
      max_rejected_percent: 100
      max_vanished_percent: 100
      where: { uf: { enum: [PB, PE] } }
      indexes: [[uf]]
      columns: { id: { type: integer }, uf: {}, valor: { type: "decimal(18,2)" }, dia: { type: date }, programa: { type: integer } }
      relations: [{ column: programa, references: programas.id, on_orphan: reject }]
    - name: apoiadores
      key: [proposta, ordem]
      max_vanished_percent: 100
      max_rejected_percent: 100
      on_vanish: delete
      duplicates: last
      columns: { proposta: {}, ordem: {}, programa: { type: integer } }
      unknown_columns: text
      relations: [{ column: programa, references: programas.id }]
    - name: emendas
      key: content
      max_vanished_percent: 100
      columns: { autor: {}, valor: { type: "decimal(18,2)" } }
`;

/** Days in which much happens; what changes on each is told by the counts. */
const days: readonly Readonly<Record<string, string>>[] = [
  {
    programas: 'id;nome\n1;Estradas\n2;Escolas\n',
    propostas: 'id;uf;valor;dia;programa\n1;PB;1,00;01/02/2026;1\n2;PB;2,00;;2\n3;PE;3,00;;1\n4;SP;4,00;;1\n5;PE;x;;1\n',
    apoiadores: 'proposta;ordem;programa;nome\n1;1;1;Ana\n1;2;1;Bia\n2;1;9;Caio\n',
    emendas: 'autor;valor\nAna;1,00\nAna;1,00\nBia;2,00\n',
  },
  {
    programas: 'id;nome\n1;Estradas e pontes\n',
    propostas:
      'id;uf;valor;dia;programa\n1;PB;1,50;02/02/2026;1\n2;PB;2,00;;2\n3;SP;3,00;;1\n6;PB;6,00;;1\n7;PB;7,00;;8\n8;PB;1;;1\n8;PB;2;;1\n',
    apoiadores: 'proposta;ordem;programa;nome;fone\n1;1;1;Ana Lima;83\n1;1;1;Ana L.;84\n3;1;1;Davi;\n',
    emendas: 'autor;valor\nAna;1,00\nAna;1,00\nAna;1,00\n',
  },
  {
    programas: 'id;nome\n1;Estradas e pontes\n2;Escolas\n',
    propostas: 'id;uf;valor;dia;programa\n2;PB;2,00;;2\n3;PE;3,00;;1\n6;PB;6,00;;1\n',
    apoiadores: 'proposta;ordem;programa;nome\n1;1;1;Ana Lima\n1;2;1;Bia\n3;1;1;Davi\n',
    emendas: 'autor;valor\nAna;1,00\nBia;2,00\n',
  },
];
/** Nothing but the last dataset has changed. */
const lastDay = { ...days[2], emendas: 'autor;valor\nAna;1,00\nCaio;3,00\n' };

const tables = ['programas', 'propostas', 'apoiadores', 'emendas'];

/** A project, and how to ask where it loads. */
type Place = { readonly project: Project; readonly query: Project['query'] };

/** Loads the days; the second is rehearsed first, and the last one read once more. Then what is old is pruned. */
async function tell({ project, query }: Place): Promise<{ told: object; reports: readonly RunReport[] }> {
  const reports: RunReport[] = [];
  for (const [index, contents] of [...days, lastDay].entries()) {
    const date = `2026-11-0${index + 1}`;
    for (const [name, content] of Object.entries(contents)) await project.put(date, `${name}.csv`, content);
    if (index === 1) reports.push(await project.run({ date, isDryRun: true }));
    reports.push(await project.run({ date }));
  }
  reports.push(await project.run({ date: '2026-11-04', force: true }));
  const pruned = await projetus(project, 'lineage prune --json', '2036-11-01T14:00:00Z');
  expect(pruned).toMatchObject({ code: 0, stderr: '' });
  // Sorted here: another server may have another order of texts.
  const sorted = async (text: string) => (await query(text)).map((row) => JSON.stringify(row)).toSorted();
  const rows = [];
  for (const table of tables) rows.push(await sorted(`SELECT to_jsonb(t) - '_source_id' - '_raw' AS row FROM ${table} t`));
  const lineage = await sorted(
    'SELECT entity_type, entity_id, source_file, row_number, operation, changes, record_hash FROM data_lineage',
  );
  const quarantine = await sorted('SELECT dataset, row_number, raw, errors, status FROM quarantine');
  const { runs, files } = JSON.parse(pruned.stdout) as { runs: unknown; files: unknown };
  return { told: { reports: reports.map(withoutChance), rows, lineage, quarantine, runs, files }, reports };
}

/** A report without what differs from run to run, and from place to place. */
function withoutChance(report: RunReport): object {
  const { status, exit_code, datasets, alerts, error } = report;
  return { status, exit_code, datasets, alerts: alerts.map(({ code }) => code), error };
}

async function onOneServer(): Promise<object> {
  await using project = await createProject(`database: { url: "\${DATABASE_URL}" }\n${files}`);
  return (await tell({ project, query: project.query })).told;
}

const noErrors = [null, null, null, null, null, null];

const spreadConfig = `database: { url: "\${DATABASE_URL}", distribution: citus }\n${files}`;

async function standIn(yaml = spreadConfig): Promise<Project> {
  const project = await createProject(yaml);
  await installCitusStandIn(project);
  return project;
}

describe('tables that are spread over servers, with a stand-in for Citus', () => {
  let project: Project;
  let story: Awaited<ReturnType<typeof tell>>;
  let statements: readonly string[];
  beforeAll(async () => {
    project = await standIn();
    const spy = vi.spyOn(pg.Client.prototype, 'query');
    story = await tell({ project, query: project.query });
    statements = spy.mock.calls.map(([query]) => textOf(query)).filter((text) => text !== null);
    spy.mockRestore();
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it('hold and report what they do on one server, in every day of a story', async () => {
    expect(story.reports.map(({ error }) => error)).toEqual(noErrors);
    expect(story.reports.at(-1)!.status).toBe('unchanged');
    expect(story.told).toEqual(await onOneServer());
  });

  it('are spread by their keys or whole on each server, and nothing else stays', async () => {
    expect(
      await project.query('SELECT logicalrelid::regclass::text AS name, partkey AS by FROM pg_dist_partition ORDER BY 1'),
    ).toEqual([
      { name: 'apoiadores', by: '_key' },
      { name: 'emendas', by: '_key' },
      { name: 'programas', by: null },
      { name: 'propostas', by: 'id' },
    ]);
    const work = `SELECT relname FROM pg_class WHERE relname ~ '^_' AND relnamespace = 'public'::regnamespace`;
    expect(await project.query(work)).toEqual([]);
  });

  it('are reached by the statements of the golden file, none of which joins them with a table of one server', async () => {
    const ofSpread = [...new Set(statements.map(withoutNumbers))].filter(
      (text) => spreadNames.test(text) || text.startsWith('SET LOCAL '),
    );
    expect([...new Set(ofSpread.filter((text) => localNames.test(text)).map(firstWords))].toSorted()).toEqual([
      // What is on one server is made from spread tables, or goes to where it belongs.
      'CREATE OR REPLACE VIEW data_lineage AS',
      'CREATE TEMP TABLE _orphans ON COMMIT',
      'INSERT INTO "_refused_keys_N" SELECT key, outcome',
      'INSERT INTO _referred SELECT DISTINCT _source_id',
      'INSERT INTO lineage_history (entity_type, entity_id, source_id,',
      // Rows of the list of orphans against what is whole on each server.
      'SELECT k.place, count(*)::int AS n FROM',
      'SELECT o.value, o.source_id::text AS "sourceId", o.row_number',
    ]);
    const text = `${ofSpread.map((statement) => `${statement};`).join('\n\n')}\n`;
    const path = join(root, 'test/load/citus.golden.sql');
    // UPDATE_GOLDEN=1 rewrites it; the difference is for a reviewer to read, and for a cluster to try.
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(path, text);
    expect(text).toBe(await readFile(path, 'utf8'));
  });

  it('are loaded by several runs at once, a dataset each', async () => {
    await using shared = await standIn();
    for (const [name, content] of Object.entries(days[0]!)) await shared.put('2026-11-01', `${name}.csv`, content);
    await shared.run({ date: '2026-11-01', datasets: ['programas'] });
    const names = ['propostas', 'apoiadores', 'emendas'];
    const reports = await Promise.all(names.map((name) => shared.run({ date: '2026-11-01', datasets: [name] })));
    expect(reports.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
  });

  it('are first asked after the settings of their transaction', () => {
    let isSet = false;
    const early: string[] = [];
    for (const text of statements.map(withoutNumbers)) {
      if (/^begin/i.test(text)) isSet = false;
      if (text.includes('citus.multi_shard_modify_mode')) isSet = true;
      // Pruning reads in a transaction of its own, and makes nothing.
      if (!isSet && spreadNames.test(text) && !text.includes('_referred')) early.push(text);
    }
    expect(statements.filter((text) => /^begin/i.test(text)).length).toBeGreaterThan(5);
    expect(early).toEqual([]);
  });

  it('are gone again when the first run publishes nothing', async () => {
    await using empty = await standIn();
    await empty.put('2026-11-01', 'programas.csv', days[0]!['programas']!);
    expect((await empty.run({ date: '2026-11-01' })).error?.code).toBe('source-missing');
    expect(await empty.query('SELECT FROM pg_dist_partition')).toEqual([]);
  });
});

const spreadNames = /"(programas|propostas|apoiadores|emendas|_(staged|repeated|refused_keys|changes)_N)"/;
const localNames =
  /"_refused_N"|\b_(orphans|referred|retried)\b|\b(quarantine|extraction_logs|data_lineage|lineage_history|datasets|runs)\b/;

function firstWords(text: string): string {
  return text.split(' ').slice(0, 6).join(' ');
}

function textOf(query: unknown): string | null {
  if (typeof query === 'string') return query;
  const { text } = query as { text?: unknown };
  return typeof text === 'string' ? text : null;
}

/** On one line, and with N for the number of a file. */
function withoutNumbers(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/("_[a-z_]+_)\d+"/g, '$1N"')
    .trim();
}

describe.skipIf(!process.env['CITUS_TEST_URL'])('a cluster (CITUS_TEST_URL)', () => {
  it('holds and reports what one server does, in every day of a story', async () => {
    const schema = `test_${randomUUID().replaceAll('-', '')}`;
    const url = process.env['CITUS_TEST_URL']!;
    await using project = await createProject(
      `database: { url: ${JSON.stringify(url)}, schema: ${schema}, distribution: citus }\n${files}`,
    );
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const query = async (text: string) => (await client.query<Record<string, unknown>>(text)).rows;
    try {
      await query(`SET search_path = ${schema}`);
      const { told, reports } = await tell({ project, query });
      expect(reports.map(({ error }) => error)).toEqual(noErrors);
      expect(told).toEqual(await onOneServer());
    } finally {
      await query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    }
  });
});

describe('what cannot be spread', () => {
  const onePropostas = 'extraction: { files: [{ name: propostas, key: [id], columns: { id: { type: integer }, uf: {} } }] }\n';
  const spreadPropostas = `database: { url: "\${DATABASE_URL}", distribution: citus }\n${onePropostas}`;

  async function loaded(): Promise<Project> {
    const project = await standIn(`database: { url: "\${DATABASE_URL}" }\n${onePropostas}`);
    await project.put('2026-11-01', 'propostas.csv', 'id;uf\n1;PB\n2;PE\n');
    await project.run({ date: '2026-11-01' });
    await project.configure(spreadPropostas);
    await project.put('2026-11-02', 'propostas.csv', 'id;uf\n1;PB\n2;PB\n');
    return project;
  }

  it('is a database without Citus: the run says so, and changes nothing', async () => {
    await using project = await createProject(spreadPropostas);
    await project.put('2026-11-01', 'propostas.csv', 'id;uf\n1;PB\n');
    const report = await project.run({ date: '2026-11-01' });
    expect(report).toMatchObject({ exit_code: 2, error: { code: 'ddl-refused' } });
    expect(report.error!.message).toBe('propostas: the database has no extension citus.');
    expect(report.error!.hint).toMatch(/^CREATE EXTENSION citus;/);
    expect(await project.query("SELECT to_regclass('propostas') AS there")).toEqual([{ there: null }]);
  });

  it('is a table that a person has to spread first, with the statement that does', async () => {
    await using project = await loaded();
    const report = await project.run({ date: '2026-11-02' });
    expect(report).toMatchObject({ exit_code: 2, error: { code: 'ddl-refused' } });
    expect(report.error!.message).toBe('propostas: the table propostas is on the coordinator alone, and has to be spread by id.');
    const hint = `once, with no run at work: SELECT create_distributed_table('"public"."propostas"', 'id');`;
    expect(report.error!.hint).toBe(hint);
    // Files that have not changed are no reason to pass it by.
    await project.put('2026-11-02', 'propostas.csv', 'id;uf\n1;PB\n2;PE\n');
    expect((await project.run({ date: '2026-11-02' })).error).toMatchObject({ code: 'ddl-refused', hint });
  });

  it('is a table that is spread already, where the configuration knows one server', async () => {
    await using project = await loaded();
    await project.query("INSERT INTO pg_dist_partition VALUES ('propostas'::regclass, 'h', 'id', 's')");
    await project.configure(spreadPropostas.replace(', distribution: citus', ''));
    const report = await project.run({ date: '2026-11-02' });
    expect(report).toMatchObject({ exit_code: 2, error: { code: 'ddl-refused' } });
    expect(report.error!.message).toBe('propostas: the table propostas is spread by id, and has to be on the coordinator alone.');
    expect(report.error!.hint).toBe(`once, with no run at work: SELECT undistribute_table('"public"."propostas"');`);
  });

  it('is anything in a cluster of no servers', async () => {
    await using project = await standIn(spreadPropostas);
    await project.query('UPDATE pg_dist_node SET shouldhaveshards = false');
    await project.put('2026-11-01', 'propostas.csv', 'id;uf\n1;PB\n');
    const report = await project.run({ date: '2026-11-01' });
    expect(report.error!.message).toBe('propostas: no server of the cluster takes rows.');
    expect(report.error!.hint).toBe("SELECT citus_add_node('HOST', 5432);");
  });

  it('is a table that is spread by another column, or was whole on each server', async () => {
    await using project = await loaded();
    await project.query("INSERT INTO pg_dist_partition VALUES ('propostas'::regclass, 'h', 'uf', 's')");
    const other = await project.run({ date: '2026-11-02' });
    expect(other.error!.message).toBe('propostas: the table propostas is spread by uf, and has to be spread by id.');
    await project.query("UPDATE pg_dist_partition SET partmethod = 'n', repmodel = 't'");
    const whole = await project.run({ date: '2026-11-02' });
    expect(whole.error!.message).toBe('propostas: the table propostas is whole on each server, and has to be spread by id.');
    expect(whole.error!.hint).toBe(
      `once, with no run at work: SELECT undistribute_table('"public"."propostas"'); SELECT create_distributed_table('"public"."propostas"', 'id');`,
    );
  });

  it('is nothing any more once the statement has run: the next run loads as before', async () => {
    await using project = await loaded();
    await project.query("INSERT INTO pg_dist_partition VALUES ('propostas'::regclass, 'h', 'id', 's')");
    expect(await project.run({ date: '2026-11-02' })).toMatchObject({
      error: null,
      status: 'success',
      datasets: [{ counts: { read: 2, updated: 1, unchanged: 1 } }],
    });
  });

  it('is no reason to forget a reject that a retry loaded before', async () => {
    const config = spreadPropostas.replace('key: [id],', 'key: [id], max_rejected_percent: 100,');
    await using project = await standIn(config.replace(', distribution: citus', '').replace('uf: {}', 'uf: { enum: [PB] }'));
    const content = 'id;uf\n1;PB\n2;XX\n';
    await project.put('2026-11-01', 'propostas.csv', content);
    await project.run({ date: '2026-11-01' });
    await project.configure(config.replace(', distribution: citus', ''));
    expect(await projetus(project, 'quarantine retry')).toMatchObject({ code: 0 });
    await project.query("INSERT INTO pg_dist_partition VALUES ('propostas'::regclass, 'h', 'id', 's')");
    await project.configure(config.replace('uf: {}', 'uf: { enum: [PB, PE] }'));
    await project.put('2026-11-02', 'propostas.csv', `${content}3;PE\n`);
    expect(await project.run({ date: '2026-11-02' })).toMatchObject({
      error: null,
      datasets: [{ stored: 3, counts: { read: 3, inserted: 1, unchanged: 1, rejected: 1, vanished: 0 } }],
    });
    expect(await project.query('SELECT status, retried_key FROM quarantine')).toEqual([{ status: 'retried', retried_key: '2' }]);
  });

  it.each([
    ['quarantine retry', 'quarantine retry'],
    ['reconcile', 'reconcile'],
    ['runs undo 2026 --yes', 'runs undo'],
  ])('is refused by %s, with exit code 2', async (line, command) => {
    await using project = await standIn(spreadPropostas);
    const { code, stderr } = await projetus(project, line);
    expect(stderr).toContain(`${command} does not work on tables that are spread over servers`);
    expect(code).toBe(2);
  });
});
