import { describe, expect, it } from 'vitest';
import type { ReconcileReport } from '../../src/reconcile/report.ts';
import { createWorkspace, day, dayOne, manyObras, untilBusy, type Workspace } from './workspace.ts';

async function reconcileJson(workspace: Workspace, ...args: string[]) {
  const ended = await workspace.projetus(['reconcile', '--json', ...args]);
  return { ...ended, report: JSON.parse(ended.stdout) as ReconcileReport };
}

async function loaded(content = dayOne): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.put(day, 'obras.csv', content);
  expect(await workspace.projetus(['run', '--quiet'])).toMatchObject({ code: 0 });
  return workspace;
}

describe('projetus reconcile', () => {
  it('prints the document of the contract, at level counts, with exit code 0', async () => {
    await using workspace = await loaded();
    const { code, stderr, report } = await reconcileJson(workspace);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report).toMatchObject({ schema: 'projetus.reconcile/1', match: true, level: 'counts' });
    expect(report.datasets).toMatchObject([
      {
        name: 'obras',
        source_count: 3,
        db_count: 3,
        match: true,
        discrepancy: 0,
        missing_in_db: 0,
        extra_in_db: 0,
        different: 0,
        samples: [],
      },
    ]);
  });

  it('ends with 4 where a row is gone, and says which at level keys', async () => {
    await using workspace = await loaded();
    await workspace.query("DELETE FROM obras WHERE id = '2'");
    const counts = await reconcileJson(workspace);
    expect(counts.code).toBe(4);
    expect(counts.report.datasets[0]).toMatchObject({ match: false, db_count: 2, discrepancy: 1, missing_in_db: 1, samples: [] });
    const keys = await reconcileJson(workspace, '--level', 'keys');
    expect(keys.code).toBe(4);
    expect(keys.report.datasets[0]!.samples).toEqual([
      { kind: 'missing', id: '2', file: 'obras.csv', sheet: null, row: 3, columns: {} },
    ]);
  });

  it('shows a value that was changed to people, and prints nothing with --quiet when all is well', async () => {
    await using workspace = await loaded();
    expect(await workspace.projetus(['reconcile', '--level', 'content', '--quiet'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
    await workspace.query("UPDATE obras SET valor = 11 WHERE id = '1'");
    const { code, stdout } = await workspace.projetus(['reconcile', '--level', 'content', '--quiet']);
    expect(code).toBe(4);
    expect(stdout).toContain('different 1 obras.csv:2  valor: file "10.50", table "11.00"');
    expect(stdout).toContain('columns that differ: valor (1 rows)');
    expect(stdout).toContain('Mismatch: obras.');
    const again = await workspace.projetus(['reconcile', '--level', 'content']);
    expect(again.stdout).toContain('The audit before found it too: obras.');
  });

  it.each([
    { title: 'a level that is none', args: ['--level', 'deep'], says: /Allowed choices are counts, keys, content/ },
    { title: 'a dataset that is none', args: ['--dataset', 'obra'], says: /did you mean obras\?/ },
    { title: 'a run that is none', args: ['--run', '1999'], says: /There is no run 1999/ },
  ])('refuses $title with exit code 2', async ({ args, says }) => {
    await using workspace = await loaded();
    const { code, stdout, stderr } = await workspace.projetus(['reconcile', '--json', ...args]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'projetus.error/1', error: { code: 'usage' } });
    expect(stderr).toMatch(says);
  });

  it('takes a run by the beginning of its id', async () => {
    await using workspace = await loaded();
    const [run] = await workspace.query('SELECT id FROM runs');
    const { code, report } = await reconcileJson(workspace, '--run', String(run!['id']).slice(0, 15));
    expect({ code, run_id: report.run_id }).toEqual({ code: 0, run_id: run!['id'] });
  });

  it('has the exit codes in its help', async () => {
    await using workspace = await createWorkspace();
    const { code, stdout } = await workspace.projetus(['reconcile', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {4}4 {2}reconcile found a difference$/m);
  });

  it('ends within 5 s of SIGTERM, in the middle of staging, and leaves the database alone', async () => {
    await using workspace = await loaded(manyObras(200_000));
    const state = () =>
      workspace.query('SELECT count(*), max(xmin::text::bigint), (SELECT count(*) FROM reconciliations) FROM obras');
    const before = await state();
    const { child, ended } = workspace.start(['reconcile', '--level', 'content']);
    await untilBusy(workspace, 'COPY');
    const stopped = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143 });
    expect(performance.now() - stopped).toBeLessThan(5_000);
    expect(await state()).toEqual(before);
  });
});
