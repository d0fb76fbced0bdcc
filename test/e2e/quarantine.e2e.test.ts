import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace, day, obrasConfig, type Workspace } from './workspace.ts';

const yaml = obrasConfig
  .replace('      key: [id]', '      key: [id]\n      max_rejected_percent: 100')
  .replace('nome: { from: [NOME] }', 'nome: { from: [NOME] }\n        dono: { from: [CPF], format: cpf }');
const file = 'ID_OBRA;VALOR;NOME;CPF\n1;10,50;Ponte;\n2;dez;Escola;\n3;1;=cmd();12345678900\n4;curta\n';

async function quarantined(): Promise<Workspace> {
  const workspace = await createWorkspace(yaml);
  await workspace.put(day, 'obras.csv', file);
  expect((await workspace.projetus(['run', '--quiet'])).code).toBe(0);
  return workspace;
}

const json = (ended: { stdout: string }) => JSON.parse(ended.stdout) as Record<string, unknown>;

describe('projetus quarantine', () => {
  it('lists rejects newest first, with how many there are of each kind, and no cells', async () => {
    await using workspace = await quarantined();
    const listed = await workspace.projetus(['quarantine', 'list']);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^dataset +code +rows\nobras +format +1\n/);
    expect(listed.stdout).toMatch(
      /#3 obras obras\.csv:5 [^]*#2 obras obras\.csv:4 {2}"\*\*\*"[^]*#1 obras obras\.csv:3 {2}"dez"/,
    );
    expect(listed.stdout).not.toMatch(/12345678900|Escola|curta/);
    const limited = await workspace.projetus(['quarantine', 'list', '--limit', '1']);
    expect(limited.stdout).toContain('… 2 of 3 are not shown; --limit shows more, --json all');
  });

  it('lists all of them as one JSON document', async () => {
    await using workspace = await quarantined();
    const document = json(await workspace.projetus(['quarantine', 'list', '--json']));
    expect(document).toMatchObject({
      schema: 'projetus.quarantine-list/1',
      total: 3,
      rejects: [
        {
          id: '3',
          dataset: 'obras',
          status: 'open',
          file: 'obras.csv',
          sheet: null,
          row: 5,
          errors: [{ code: 'row-short', value: null }],
        },
        { id: '2', errors: [{ code: 'format', column: 'dono', value: '***' }] },
        { id: '1', errors: [{ code: 'type-error', column: 'valor', value: 'dez' }] },
      ],
    });
    const none = json(await workspace.projetus(['quarantine', 'list', '--status', 'gone', '--json']));
    expect(none).toMatchObject({ total: 0, groups: [], rejects: [] });
  });

  it('has nothing to list where nothing was ever run', async () => {
    await using workspace = await createWorkspace(yaml);
    expect(await workspace.projetus(['quarantine', 'list'])).toMatchObject({
      code: 0,
      stdout: 'The quarantine holds no such rejects.\n',
    });
    expect(json(await workspace.projetus(['quarantine', 'list', '--json']))).toMatchObject({ total: 0, rejects: [] });
    expect(json(await workspace.projetus(['quarantine', 'retry', '--json']))).toMatchObject({
      status: 'unchanged',
      run_id: null,
    });
    expect(json(await workspace.projetus(['quarantine', 'discard', '--dataset', 'obras', '--json']))).toMatchObject({
      discarded: 0,
    });
    expect(await workspace.projetus(['quarantine', 'show', '1'])).toMatchObject({ code: 2 });
    expect(await workspace.state()).toEqual([]);
  });

  it('shows one, its cells under their headers, without personal data', async () => {
    await using workspace = await quarantined();
    const shown = await workspace.projetus(['quarantine', 'show', '2']);
    expect(shown.stdout).toMatch(
      /#2 obras obras\.csv:4 \(open\)\n[^]*ID_OBRA {2}3\n {2}VALOR {4}1\n {2}NOME {5}=cmd\(\)\n {2}CPF {6}\*\*\*\n$/,
    );
    expect(json(await workspace.projetus(['quarantine', 'show', '3', '--json']))).toMatchObject({
      schema: 'projetus.quarantine-show/1',
      errors: [{ code: 'row-short' }],
      cells: [{ header: 'ID_OBRA' }, { header: 'VALOR' }, { header: 'NOME', value: null }, { header: 'CPF', value: null }],
    });
  });

  it('exports, takes the corrected file back and closes what passes', async () => {
    await using workspace = await quarantined();
    const path = join(workspace.folder, 'rejects.csv');
    const exported = await workspace.projetus(['quarantine', 'export', path]);
    expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining('3 rejects written') as string });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"\'=cmd()";"12345678900"');
    await writeFile(path, text.replace('"dez"', '"10"'));
    const retried = await workspace.projetus(['quarantine', 'retry', '--from', path]);
    expect(retried).toMatchObject({ code: 0, stderr: '' });
    expect(retried.stdout).toContain('1 rejects closed, 2 still open');
    expect(retried.stdout).not.toContain('12345678900');
    expect(await workspace.query('SELECT id, valor FROM obras ORDER BY id')).toEqual([
      { id: '1', valor: '10.50' },
      { id: '2', valor: '10.00' },
    ]);
  });

  it('exports to a workbook, and replaces a file only with --force', async () => {
    await using workspace = await quarantined();
    const path = join(workspace.folder, 'rejects.xlsx');
    expect(await workspace.projetus(['quarantine', 'export', path, '--quiet'])).toMatchObject({ code: 0, stdout: '' });
    expect(await workspace.projetus(['quarantine', 'export', path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force') as string,
    });
    expect(json(await workspace.projetus(['quarantine', 'export', path, '--force', '--json']))).toMatchObject({
      schema: 'projetus.quarantine-export/1',
      rejects: 3,
      tables: [{ dataset: 'obras', rejects: 3 }],
    });
    const retried = await workspace.projetus(['quarantine', 'retry', '--from', path]);
    expect(retried.stdout).toContain('0 rejects closed, 3 still open');
  });

  it('retries under the configuration of now, and undo takes it back', async () => {
    await using workspace = await quarantined();
    await workspace.configure(yaml.replace(', format: cpf', ''));
    const report = json(await workspace.projetus(['quarantine', 'retry', '--json']));
    expect(report).toMatchObject({
      schema: 'projetus.quarantine-retry/1',
      status: 'success',
      datasets: [{ counts: { inserted: 1, rejected: 2 } }],
    });
    expect(await workspace.query('SELECT nome FROM obras WHERE id = $$3$$')).toEqual([{ nome: '=cmd()' }]);
    const undone = await workspace.projetus(['runs', 'undo', String(report['run_id'])]);
    expect(undone).toMatchObject({ code: 0 });
    expect(await workspace.query('SELECT id FROM obras_live')).toEqual([{ id: '1' }]);
    await workspace.configure(yaml);
    const { report: next } = await workspace.runJson(['--yes']);
    expect(next.datasets[0]!.counts).toMatchObject({ inserted: 0, unchanged: 1, rejected: 3, vanished: 0 });
    expect(await workspace.query('SELECT status FROM quarantine')).toEqual([
      { status: 'open' },
      { status: 'open' },
      { status: 'open' },
    ]);
  });

  it('discards what it is told to, and asks nothing without a terminal', async () => {
    await using workspace = await quarantined();
    expect(await workspace.projetus(['quarantine', 'discard'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has to be told') as string,
    });
    expect(await workspace.projetus(['quarantine', 'discard', '1', '2'])).toMatchObject({
      code: 0,
      stdout: '2 rejects discarded\n',
    });
    expect(json(await workspace.projetus(['quarantine', 'discard', '--code', 'row-short', '--yes', '--json']))).toEqual({
      schema: 'projetus.quarantine-discard/1',
      discarded: 1,
    });
  });

  it('exports 100,000 rejects to a .csv in little memory', async () => {
    await using workspace = await quarantined();
    await workspace.query(`
      INSERT INTO quarantine (run_id, dataset, source_id, source_file, row_number, raw, raw_hash, occurrence, errors)
      SELECT run_id, dataset, source_id, source_file, n, (SELECT jsonb_agg(repeat('x', 40)) FROM generate_series(1, 20)), int4send(n), 1, errors
      FROM quarantine, generate_series(1, 100000) n WHERE id = 1`);
    const path = join(workspace.folder, 'many.csv');
    // 85 MB of cells through a heap of 60 MB. 40 were enough until the program loaded mail, HTTP and metrics at its start.
    const ended = await workspace.projetus(['quarantine', 'export', path], { NODE_OPTIONS: '--max-old-space-size=60' });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('100003 rejects') as string });
    expect((await stat(path)).size).toBeGreaterThan(85_000_000);
    const listed = await workspace.projetus(['quarantine', 'list', '--json'], { NODE_OPTIONS: '--max-old-space-size=80' });
    expect((json(listed)['rejects'] as unknown[]).length).toBe(100_003);
  });
});

describe('projetus quarantine, misused,', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await quarantined();
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  it.each([
    { args: ['show', 'x'], says: 'x is not the id of a reject' },
    { args: ['show', '99'], says: 'no reject 99' },
    { args: ['list', '--code', 'type-eror'], says: 'did you mean type-error?' },
    { args: ['list', '--dataset', 'obra'], says: 'did you mean obras?' },
    { args: ['list', '--status', 'closed'], says: 'open, gone, retried, discarded, all' },
    { args: ['list', '--limit', '0'], says: 'whole number' },
    { args: ['export', 'a.doc'], says: 'a .csv or an .xlsx' },
    { args: ['export', 'no/a.csv'], says: 'cannot be written' },
    { args: ['retry', '--from', 'config.yaml'], says: 'config.yaml' },
    { args: ['retry', '--from', 'a.csv', '--code', 'enum'], says: 'the file says which rejects' },
    { args: ['discard', '1', '99'], says: 'no reject 99' },
  ])('says what is wrong, and changes nothing: $args', async ({ args, says }) => {
    const before = await workspace.state();
    const ended = await workspace.projetus(['quarantine', ...args]);
    expect([2, 7]).toContain(ended.code);
    expect(ended.stderr).toContain(says);
    expect(await workspace.state()).toEqual(before);
  });
});
