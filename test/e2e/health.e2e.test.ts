import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { HealthReport } from '../../src/health/health.ts';
import { assertDecent, createWorkspace, day, dayOne, secret, type Environment, type Workspace } from './workspace.ts';

/** Nobody listens on port 1. */
const nowhere = { DATABASE_URL: `postgres://canary:${secret}@127.0.0.1:1/none` };

async function loaded(): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.put(day, 'obras.csv', dayOne);
  await workspace.runJson();
  return workspace;
}

/** `health --serve`, once it has said where it listens. */
async function serving(workspace: Workspace, args: readonly string[] = ['0'], env: Environment = {}) {
  const { child, ended } = workspace.start(['health', '--serve', ...args], env);
  const [line] = (await Promise.race([once(child.stdout!, 'data'), ended.then(({ stderr }) => [stderr])])) as [string];
  const url = /http:\S+/.exec(line)?.[0];
  if (!url) throw new Error(`it does not listen: ${line}`);
  return { child, ended, url, line };
}

describe('projetus health', () => {
  it('ends with 0 when all is well, and says what was looked at', async () => {
    await using workspace = await loaded();
    const end = await workspace.projetus(['health']);
    expect(end.stderr).toBe('');
    // From midnight to the hour of the schedule, the run has done the one that is due today.
    const schedule =
      /^✓ database +it can be read\n✓ schedule +(no run was due since the first one|the run due .+ took place); the next is due /;
    expect(end.stdout).toMatch(schedule);
    expect(end.stdout).toMatch(/\nAll is well\. The data \(3 records of 1 dataset\) were last published 0 minutes ago\.\n$/);
    expect(end.code).toBe(0);
    expect(await workspace.projetus(['health', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('ends with 3 when it is degraded, and is not so quiet then', async () => {
    await using workspace = await loaded();
    await workspace.query(`UPDATE runs SET report = jsonb_set(report, '{datasets,0,stale_since}', '"2026-11-13"')`);
    const end = await workspace.projetus(['health', '--quiet']);
    expect(end.stdout).toMatch(/^! sources {2}the files of obras are those of 2026-11-13: .*\nDegraded: the files of obras /);
    expect(end.code).toBe(3);
  });

  it('ends with 6 soon when there is no database, and still looks at the disk', async () => {
    await using workspace = await createWorkspace();
    const end = await workspace.projetus(['health', '--json'], nowhere);
    expect(end.code).toBe(6);
    // 5 s are promised; a busy machine takes some of its own to start a process.
    expect(end.durationMs).toBeLessThan(15_000);
    const report = JSON.parse(end.stdout) as HealthReport;
    expect(report).toMatchObject({
      schema: 'projetus.health/1',
      status: 'unhealthy',
      last_extraction: null,
      hours_since_last: null,
      records_extracted: {},
      checks: [{ name: 'database', status: 'fail' }, { name: 'disk' }],
    });
    expect(report.message).toMatch(/^Unhealthy: the database cannot be read: .*ECONNREFUSED/);
  });

  it('prints metrics, with a database and without', async () => {
    await using workspace = await loaded();
    const end = await workspace.projetus(['health', '--metrics']);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toMatch(/^projetus_extraction_total\{status="success",entity_type="obra"\} 1$/m);
    const down = await workspace.projetus(['health', '--metrics'], nowhere);
    expect(down.code).toBe(0);
    expect(down.stdout).toMatch(/^projetus_health_check_status\{check="database"\} 2$/m);
  });

  it.each([
    { args: ['--serve', 'x'], message: '--serve x is not an address.' },
    { args: ['--serve', '127.0.0.1:70000'], message: '--serve 127.0.0.1:70000 is not an address.' },
    { args: ['--metrics', '--serve', '0'], message: '--metrics goes with neither --json nor --serve.' },
    { args: ['--metrics', '--json'], message: '--metrics goes with neither --json nor --serve.' },
    { args: ['--serve'], message: "option '--serve <[host:]port>' argument missing" },
  ])('refuses $args with 2', async ({ args, message }) => {
    await using workspace = await createWorkspace();
    const end = await workspace.projetus(['health', ...args], nowhere);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(message);
  });
});

describe('projetus health --serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('answers until %s, and ends with 0 at once', async (signal) => {
    await using workspace = await loaded();
    const { child, ended, url, line } = await serving(workspace);
    expect(line).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+ \(\/health, \/live, \/metrics\)\n$/);
    const health = await fetch(`${url}/health`);
    expect([health.status, health.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await health.json()).toMatchObject({
      schema: 'projetus.health/1',
      status: 'healthy',
      records_extracted: { obras: 3 },
    });
    expect(await (await fetch(`${url}/live`)).text()).toBe('alive\n');
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await metrics.text()).toMatch(/^projetus_health_status 0$/m);
    expect((await fetch(`${url}/`)).status).toBe(404);
    const signalled = performance.now();
    child.kill(signal);
    const end = await ended;
    expect(performance.now() - signalled).toBeLessThan(10_000);
    assertDecent(end);
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('asks the database once for a hundred probes', async () => {
    await using workspace = await loaded();
    const { child, ended, url } = await serving(workspace);
    const before = await sessions(workspace);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => fetch(`${url}/${n % 2 ? 'health' : 'metrics'}`)));
    const more = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/health`)));
    expect([...answers, ...more].map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
    child.kill('SIGTERM');
    await ended;
    // One look in 5 s, on a machine that may be busy, and our own questions.
    expect((await sessions(workspace)) - before).toBeLessThan(10);
  });

  it('answers 503 while there is no database, and lives', async () => {
    await using workspace = await createWorkspace();
    const { child, ended, url } = await serving(workspace, ['localhost:0'], nowhere);
    const health = await fetch(`${url}/health`);
    expect(health.status).toBe(503);
    expect(await health.text()).not.toContain(secret);
    expect((await fetch(`${url}/live`)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('ends with 2 when another program has the port', async () => {
    await using workspace = await createWorkspace();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const end = await workspace.projetus(['health', '--serve', String(port)]);
    other.close();
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(`--serve 127.0.0.1:${port} cannot be served: another program listens there.`);
  });
});

/** How many clients have connected to the database, as far as its statistics have come. */
async function sessions(workspace: Workspace): Promise<number> {
  const statement = 'SELECT sessions::int AS n FROM pg_stat_database WHERE datname = current_database()';
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  return Number((await workspace.query(statement))[0]!['n']);
}
