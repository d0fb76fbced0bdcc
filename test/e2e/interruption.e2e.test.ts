import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { assertDecent, createWorkspace, day, dayOne, manyObras, untilBusy, type Workspace } from './workspace.ts';

const nextDay = '2026-11-21';

const signals = [
  { signal: 'SIGINT', code: 130, error: 'interrupted' },
  { signal: 'SIGTERM', code: 143, error: 'terminated' },
] as const;

/** The moments of a run at which a statement of a large load is under way. */
const moments = [
  { moment: 'COPY', statement: 'COPY' },
  { moment: 'the publication', statement: 'UPDATE' },
];

async function loadedWorkspace(rows: number): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.put(day, 'obras.csv', manyObras(rows));
  expect(await workspace.run({ date: day })).toMatchObject({ exit_code: 0 });
  await workspace.put(nextDay, 'obras.csv', manyObras(rows, '2,00'));
  return workspace;
}

const rowsOf = (workspace: Workspace) =>
  workspace.query(
    'SELECT count(*)::int AS rows, count(*) FILTER (WHERE valor = 1)::int AS old, max(xmin::text) AS newest FROM obras',
  );

describe.each(signals)('$signal', ({ signal, code, error }) => {
  it.each(moments)('in the middle of $moment rolls back and ends within 5 s', async ({ statement }) => {
    await using workspace = await loadedWorkspace(120_000);
    const before = await rowsOf(workspace);
    const { child, ended } = workspace.start(['run', '--json', '--date', nextDay]);
    await untilBusy(workspace, statement);
    const signalled = performance.now();
    child.kill(signal);
    const end = await ended;
    expect(performance.now() - signalled).toBeLessThan(5_000);
    assertDecent(end);
    expect(end.code).toBe(code);
    expect(JSON.parse(end.stdout)).toMatchObject({ status: 'failed', exit_code: code, ddl: [], error: { code: error } });
    expect(end.stderr).toMatch(new RegExp(`^error \\[${error}\\] .*nothing was published`, 'm'));
    expect(await rowsOf(workspace)).toEqual(before);
    const [run] = await workspace.query('SELECT status, exit_code FROM runs ORDER BY started_at DESC LIMIT 1');
    expect(run).toEqual({ status: 'failed', exit_code: code });
  });
});

describe('SIGKILL', () => {
  it.each(moments)(
    'in the middle of $moment leaves a running row, and the next run starts within 5 s and marks it',
    async ({ statement }) => {
      await using workspace = await loadedWorkspace(120_000);
      const before = await rowsOf(workspace);
      const { child, ended } = workspace.start(['run', '--date', nextDay]);
      await untilBusy(workspace, statement);
      child.kill('SIGKILL');
      expect(await ended).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(await rowsOf(workspace)).toEqual(before);
      // The server frees a dead client's locks after client_connection_check_interval, 1 s.
      const started = performance.now();
      let next = await workspace.projetus(['run', '--date', day]);
      while (next.code === 11 && performance.now() - started < 5_000) next = await workspace.projetus(['run', '--date', day]);
      expect(next).toMatchObject({ code: 0 });
      expect(await workspace.query('SELECT status FROM runs ORDER BY started_at')).toEqual(
        expect.arrayContaining([{ status: 'success' }, { status: 'aborted' }, { status: 'unchanged' }]),
      );
      expect(await workspace.query("SELECT FROM runs WHERE status = 'running'")).toEqual([]);
    },
  );
});

describe('the embedded database', () => {
  it.each(signals)('is as before after $signal, and free for the next run', async ({ signal, code }) => {
    await using workspace = await createWorkspace(undefined, 'pglite');
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['run', '--date', day])).toMatchObject({ code: 0 });
    const before = await workspace.query('SELECT id, valor, xmin::text FROM obras ORDER BY id');
    await workspace.put(nextDay, 'obras.csv', manyObras(200_000));
    const { child, ended } = workspace.start(['run', '--date', nextDay]);
    await sleep(2_500);
    const signalled = performance.now();
    child.kill(signal);
    expect(await ended).toMatchObject({ code });
    // It cannot stop a statement that it runs: a blob of 8 MB takes 1 s, and 7 to 12 s on a machine with a load of 10.
    expect(performance.now() - signalled).toBeLessThan(30_000);
    expect(await workspace.query('SELECT id, valor, xmin::text FROM obras ORDER BY id')).toEqual(before);
  });

  it('is taken over after SIGKILL', async () => {
    await using workspace = await createWorkspace(undefined, 'pglite');
    await workspace.put(day, 'obras.csv', manyObras(200_000));
    const { child, ended } = workspace.start(['run']);
    await sleep(2_500);
    child.kill('SIGKILL');
    await ended;
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 0 });
    expect(await workspace.query('SELECT count(*)::int AS n FROM obras')).toEqual([{ n: 3 }]);
  });
});
