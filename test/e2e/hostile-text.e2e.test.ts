import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { createWorkspace, day, obrasConfig, type Ended, type Workspace } from './workspace.ts';

/** What moves a cursor, paints, names a window or turns letters round, in 7 and in 8 bits. */
const terminal = '\u001b]0;owned\u0007\u001b[31m\u009b2J\u202e\u2066\r\u007f';
/** What would end a statement where texts are pasted into it. */
const sql = `'); DROP TABLE obras; -- " \\'; $$ %s {}`;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const nextDay = '2026-11-21';
const evilConfig = obrasConfig
  .replace('key: [id]', 'key: [id]\n      max_rejected_percent: 90\n      max_vanished_percent: 100\n      unknown_columns: text')
  .replace(
    'nome: { from: [NOME] }',
    'nome: { from: [NOME] }\n        mae: { from: [MAE] }\n      relations: [{ column: mae, references: obras.id }]',
  );

describe.concurrent('text of a file', { timeout: 400_000 }, () => {
  it('reaches a terminal through no command, however it is called', async ({ expect }) => {
    await using workspace = await createWorkspace(evilConfig);
    const name = `obras ${terminal}.csv`;
    const cell = `"${terminal}"`;
    const rows = [`${cell};1;${cell};;y`, `2;${cell};x;;`];
    const file = (valor: string) =>
      ['ID_OBRA;VALOR;NOME;MAE;"X' + terminal + '"', ...rows, `3;${valor};${cell};${cell};`, ''].join('\n');
    const said: (Ended & { readonly what: string })[] = [];
    const say = async (...args: string[]) => {
      const ended = { what: args.join(' '), ...(await workspace.projetus(args)) };
      said.push(ended);
      return ended;
    };
    await workspace.put(day, name, file('1'));
    await workspace.put(day, `nota ${terminal}.doc`, '');
    await say('dry-run', '--verbose');
    const { stdout } = await say('run', '--verbose');
    await workspace.put(nextDay, name, file('2'));
    expect(await say('run', '--json')).toMatchObject({ code: 0 });
    await workspace.query(`UPDATE obras SET nome = nome || 'x' WHERE id = '3'`);
    const [facts] = await workspace.query(
      'SELECT max(r.id) AS run, (SELECT max(id)::text FROM quarantine) AS reject FROM runs r',
    );
    const run = String(facts!['run']);
    await say('reconcile', '--level', 'content', '--verbose');
    await say('lineage', 'show', 'obra', terminal);
    await say('lineage', 'show', 'obra', '3', '--json');
    await say('lineage', 'run', run);
    await say('lineage', 'file', join('data/raw', nextDay, name));
    await say('runs', 'list');
    await say('runs', 'show', run);
    await say('quarantine', 'list');
    await say('quarantine', 'list', '--json');
    await say('quarantine', 'show', String(facts!['reject']));
    await say('quarantine', 'retry');
    await say('alerts', 'list');
    await say('health');
    await say('runs', 'undo', run, '--dry-run');
    // Errors: a file that cannot be read, a column that is lost, a name that nobody knows.
    await workspace.put('2026-11-22', name.replace('.csv', '.xlsx'), 'PK\u0003\u0004nothing');
    await say('run', '--verbose');
    await workspace.put('2026-11-23', name, `"A${terminal}";B\n1;2\n`);
    await say('run', '--verbose');
    await say('lineage', 'show', terminal, '1');
    await say('run', '--dataset', terminal);
    await say('lineage', 'file', `data/${terminal}`);
    const leaks = said.filter((ended) => control.test(ended.stdout) || control.test(ended.stderr));
    expect(leaks.map((ended) => `${ended.what}: ${JSON.stringify(ended.stdout + ended.stderr)}`)).toEqual([]);
    // The test sees nothing where nothing is said.
    expect(stdout).toContain('\\u001b]0;owned\\u0007');
    expect(said.filter((ended) => ended.code !== 0).map((ended) => ended.stderr.slice(0, 7))).toContain('error [');
    const alerts = await workspace.query(`SELECT message FROM alerts UNION ALL SELECT digest::text FROM alert_deliveries`);
    expect(alerts.length).toBeGreaterThan(0);
  });

  it('stays text in SQL: in cells, headers and file names, in every table', async ({ expect }) => {
    await using workspace = await createWorkspace(evilConfig);
    const cell = `"${sql.replaceAll('"', '""')}"`;
    await workspace.put(
      day,
      `obras ${sql.replaceAll('/', '')}.csv`,
      `ID_OBRA;VALOR;NOME;MAE;${cell}\n${cell};1;${cell};;${cell}\n2;${cell};x;${cell};x\n3;3;x;${cell};x\n`,
    );
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 0 });
    expect(await workspace.query('SELECT id, nome FROM obras ORDER BY length(id) DESC')).toEqual([
      { id: sql, nome: sql },
      { id: '3', nome: 'x' },
    ]);
    expect(await workspace.query('SELECT raw->>1 AS valor FROM quarantine')).toEqual([{ valor: sql }]);
    expect((await workspace.projetus(['lineage', 'show', 'obra', sql])).stdout).toContain('insert');
    expect(await workspace.projetus(['reconcile', '--level', 'content'])).toMatchObject({ code: 0 });
    expect(await workspace.projetus(['quarantine', 'retry'])).toMatchObject({ code: 0 });
    expect(await workspace.projetus(['run', '--force'])).toMatchObject({ code: 0 });
    expect(await unquotedColumns(workspace)).toEqual([]);
  });

  it('of a configuration that everybody may change is told on stderr', async ({ expect }) => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', 'ID_OBRA;VALOR;NOME\n1;1;a\n');
    await writeFile(join(workspace.folder, '.env'), '');
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['config.yaml', '.env']) await chmod(join(workspace.folder, name), 0o666);
    const { code, stderr } = await workspace.projetus(['run']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'warning: everybody on this machine may change config.yaml; next: chmod o-w config.yaml\n' +
        'warning: everybody on this machine may change .env; next: chmod o-w .env\n',
    });
    expect(await workspace.projetus(['run', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });
});

/** Columns whose names are not as `\w` as ours. */
function unquotedColumns(workspace: Workspace): Promise<Record<string, unknown>[]> {
  return workspace.query(
    String.raw`SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name !~ '^\w+$'`,
  );
}
