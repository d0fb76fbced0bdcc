import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunsReport } from '../../src/run-log.ts';
import type { UndoReport } from '../../src/undo/undo-report.ts';
import { createWorkspace, dayOne, obrasConfig, type Workspace } from './workspace.ts';

const wideOpen = obrasConfig.replace('key: [id]', 'key: [id]\n      max_vanished_percent: 100');

describe('runs', () => {
  let workspace: Workspace;
  const ids: string[] = [];
  beforeAll(async () => {
    workspace = await createWorkspace(wideOpen);
    const files = { '2026-11-18': dayOne, '2026-11-19': 'ID_OBRA;VALOR;NOME\n1;11;Ponte\n3;;Praça\n' };
    for (const [date, content] of Object.entries(files)) {
      await workspace.put(date, 'obras.csv', content);
      ids.push((await workspace.run({ date })).run_id!);
    }
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  const projetus = (...args: string[]) => workspace.projetus(args);
  const json = async <Document>(...args: string[]): Promise<Document> => {
    const { code, stdout, stderr } = await projetus(...args, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Document;
  };

  it('list shows the newest first, with their counts, and as many as asked for', async () => {
    const { code, stdout } = await projetus('runs', 'list');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(
      new RegExp(`^${ids[1]} +run +success +2026-11-19 +0 +obras loaded read=2 updated=1 unchanged=1 vanished=1$`),
    );
    const report = await json<RunsReport>('runs', 'list', '--limit', '1');
    expect(report).toMatchObject({
      schema: 'projetus.runs/1',
      runs: [{ id: ids[1], mode: 'run', status: 'success', exit_code: 0 }],
    });
    expect((await projetus('runs', 'list', '--limit', 'x')).code).toBe(2);
  });

  it('show prints the stored report, found by the beginning of its id', async () => {
    const prefix = ids[0]!.slice(0, 12);
    expect(await json('runs', 'show', prefix)).toMatchObject({
      schema: 'projetus.run/1',
      run_id: ids[0],
      status: 'success',
      datasets: [{ name: 'obras' }],
    });
    expect((await projetus('runs', 'show', prefix)).stdout).toMatch(/inserted[\s\S]*Published: 3 changes/);
    const ambiguous = await projetus('runs', 'show', '2026');
    expect(ambiguous.code).toBe(2);
    expect(ambiguous.stderr).toContain(ids[1]);
    expect((await projetus('runs', 'show', '1999', '--json')).stdout).toContain('"code": "usage"');
  });

  it('show tells of a run that died what is known of it', async () => {
    await workspace.query(`INSERT INTO runs (id, status, business_date, started_at, pipeline_version, config_hash, datasets, host, pid)
      VALUES ('20000101T000000-dead', 'aborted', '2000-01-01', '2000-01-01', '0', '0', '{obras}', 'x', 1)`);
    expect((await projetus('runs', 'show', '2000')).stdout).toContain('aborted');
    expect(await json('runs', 'show', '2000')).toMatchObject({ run_id: '20000101T000000-dead', status: 'aborted' });
  });

  it('undo shows in a dry run what it does then, with exit code 0', async () => {
    const before = await workspace.state();
    const dry = await projetus('runs', 'undo', ids[1]!, '--dry-run');
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(
      /DRY RUN[\s\S]*updated 1 {2}restored 1 {2}inserted 0 {2}vanished 0 {2}stored 3[\s\S]*valor: "11.00" → "10.50"/,
    );
    expect(await workspace.state()).toEqual(before);
    const report = await json<UndoReport>('runs', 'undo', ids[1]!);
    expect(report).toMatchObject({
      schema: 'projetus.undo/1',
      undoes: ids[1],
      datasets: [{ counts: { updated: 1, restored: 1 } }],
    });
    expect(await workspace.query('SELECT id, valor FROM obras_live ORDER BY id')).toEqual([
      { id: '1', valor: '10.50' },
      { id: '2', valor: '20.00' },
      { id: '3', valor: null },
    ]);
    const again = await projetus('runs', 'undo', ids[1]!);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(report.run_id);
    expect((await projetus('runs', 'show', report.run_id)).stdout).toContain(`Run ${ids[1]} was undone by run ${report.run_id}`);
  });

  it('lineage run, lineage file and lineage prune answer', async () => {
    expect((await projetus('lineage', 'run', ids[0]!)).stdout).toMatch(/obras {2}insert 3 {2}update 0/);
    expect(await json('lineage', 'run', ids[1]!)).toMatchObject({
      schema: 'projetus.lineage-run/1',
      datasets: [{ operations: { update: 1, vanish: 1 } }],
    });
    const file = await projetus('lineage', 'file', 'data/raw/2026-11-18/obras.csv');
    expect(file.stdout).toMatch(/obras {2}3 records have their values from it/);
    const sha256 = /[0-9a-f]{64}/.exec(file.stdout)![0];
    expect(await json('lineage', 'file', sha256.slice(0, 8))).toMatchObject({
      schema: 'projetus.lineage-file/1',
      sha256,
      known: true,
    });
    expect((await projetus('lineage', 'file', 'nowhere.csv')).code).toBe(2);
    expect((await projetus('lineage', 'file', '0'.repeat(64))).stdout).toContain('read by no run');
    expect((await projetus('lineage', 'prune', '--dry-run')).stdout).toMatch(/^DRY RUN[\s\S]*1 runs, 0 source files/);
    expect(await json('lineage', 'prune')).toMatchObject({ schema: 'projetus.prune/1', dry_run: false, runs: { runs: 1 } });
  });

  it('a database that was never loaded has no runs, and nothing to prune', async () => {
    await using empty = await createWorkspace(wideOpen);
    expect(await empty.projetus(['runs', 'list'])).toMatchObject({ code: 0, stdout: 'There are no runs yet.\n' });
    expect((await empty.projetus(['runs', 'undo', '2026'])).code).toBe(2);
    expect((await empty.projetus(['lineage', 'run', '2026'])).code).toBe(2);
    expect((await empty.projetus(['lineage', 'file', '0'.repeat(64)])).code).toBe(0);
    expect((await empty.projetus(['lineage', 'prune'])).code).toBe(0);
    expect(await empty.state()).toEqual([]);
  });
});
