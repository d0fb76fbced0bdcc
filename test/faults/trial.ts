import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from 'pg';
import type { RunReport } from '../../src/core/report.ts';
import { run } from '../../src/pipeline.ts';
import { openProxy, type Link } from '../support/proxy.ts';
import { aimAt, type Aim, type Phase } from './aim.ts';
import { jobOf, secondDay } from './job.ts';
import { withClient, type Copy, type Stage } from './stage.ts';
import { stateOf } from './state.ts';
import type { Worker } from './workers.ts';

/** `timeout` is what statement_timeout does, at a moment of ours: the same answer of the server. */
export const faults = ['kill', 'cut', 'terminate', 'timeout', 'crash'] as const;

export type Fault = (typeof faults)[number];

export type Trial = {
  readonly fault: Fault;
  readonly aim: Aim;
  /** Whether the message at which it hits never arrives. */
  readonly keep: boolean;
};

export type Outcome = {
  /** Null when the run was over before, or did not notice. */
  readonly phase: Phase | null;
  readonly state: 'before' | 'after';
  /** From the fault until the last lock was free. */
  readonly lockedMs: number;
};

const longestLockMs = 10_000;

/**
 * Loads a day, lets a fault hit, and looks: the database is as before or as after, the report says the truth, nothing stays
 * behind, and the next run makes it as after. Throws with what is not so.
 */
export async function runTrial(stage: Stage, worker: Worker, trial: Trial): Promise<Outcome> {
  await using copy = await stage.copy();
  const { report, phase, hitAt } = await runInto(stage, worker, trial, copy);
  await untilFree(copy, hitAt);
  const lockedMs = performance.now() - hitAt;
  return await withClient(copy.url, async (client) => {
    const state = await whichState(stage, client);
    const status = await statusOf(client, 'faulty');
    checkReport(report, state, status);
    await checkNextRun(stage, copy, client, state, status);
    const isHit = trial.fault !== 'timeout' || report?.error?.code === 'database-timeout';
    return { phase: isHit ? phase : null, state, lockedMs };
  });
}

type Hit = { readonly report: RunReport | null; readonly phase: Phase | null; readonly hitAt: number };

async function runInto(stage: Stage, worker: Worker, { fault, aim, keep }: Trial, copy: Copy): Promise<Hit> {
  let phase: Phase | null = null;
  let hitAt = performance.now();
  let struck = Promise.resolve();
  const strikeIn = async (link: Link) => {
    await strike(fault, { stage, copy, worker, link });
    // What goes through the server takes a moment, in which the run goes on.
    if (fault !== 'kill' && fault !== 'cut') phase = aimed.phase();
  };
  const aimed = aimAt(aim, keep, (at, link) => {
    phase = at;
    hitAt = performance.now();
    struck = strikeIn(link);
  });
  await using proxy = await openProxy(copy.url, aimed);
  aimed.start();
  const report = await worker.run({ configPath: stage.configPath, url: proxy.url, date: secondDay, random: 'faulty' });
  await struck;
  return { report, phase, hitAt };
}

type Target = { readonly stage: Stage; readonly copy: Copy; readonly worker: Worker; readonly link: Link };

function strike(fault: Fault, { stage, copy, worker, link }: Target): void | Promise<void> {
  if (fault === 'kill') return worker.kill();
  if (fault === 'cut') return link.cut();
  if (fault === 'crash') return stage.cluster.stop('immediate').then(() => stage.cluster.start());
  return withClient(stage.cluster.url('postgres'), (client) =>
    fault === 'terminate' ? terminate(client, copy.name) : cancelOne(client, copy.name),
  );
}

async function terminate(client: Client, database: string): Promise<void> {
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
}

/** Cancels until it hits a statement: for most of the time there is none. */
async function cancelOne(client: Client, database: string): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ state: string }>(
      `SELECT state, CASE state WHEN 'active' THEN pg_cancel_backend(pid) END FROM pg_stat_activity
       WHERE datname = $1 AND application_name = 'projetus'`,
      [database],
    );
    if (rows.length === 0 || rows.some(({ state }) => state === 'idle in transaction (aborted)')) return;
  }
}

/** Waits until the server has noticed. Throws when a connection or a lock stays. */
async function untilFree(copy: Copy, since: number): Promise<void> {
  await withClient(copy.url, async (client) => {
    for (;;) {
      const { rows } = await client.query<{ held: number }>(`
        SELECT (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                WHERE l.locktype = 'advisory' AND d.datname = current_database())::int
          + (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'projetus')::int AS held`);
      if (rows[0]!.held === 0) return;
      if (performance.now() - since > longestLockMs) throw new Error(`a connection or lock is held after ${longestLockMs} ms`);
      await sleep(20);
    }
  });
}

async function whichState(stage: Stage, client: Client): Promise<'before' | 'after'> {
  const { rows } = await client.query("SELECT relname FROM pg_class WHERE relpersistence = 't'");
  if (rows.length > 0) throw new Error(`temporary tables stay: ${JSON.stringify(rows)}`);
  const state = await stateOf(client);
  if (isDeepStrictEqual(state, stage.before)) return 'before';
  if (isDeepStrictEqual(state, stage.after)) return 'after';
  throw new Error(`neither before nor after: ${JSON.stringify({ before: stage.before, state, after: stage.after }, null, 1)}`);
}

async function statusOf(client: Client, random: string): Promise<string | null> {
  const { rows } = await client.query<{ status: string }>('SELECT status FROM runs WHERE id LIKE $1', [`%-${random}`]);
  return rows[0]?.status ?? null;
}

/** A process that lived to tell must have told the truth. */
function checkReport(report: RunReport | null, state: 'before' | 'after', status: string | null): void {
  const code = report?.error?.code ?? null;
  if (report && code !== 'commit-unknown' && (report.exit_code === 0) !== (state === 'after'))
    throw new Error(`the report says ${report.status} (${code}), and the database is as ${state}`);
  if (report && report.exit_code !== 0 && report.exit_code !== 75) throw new Error(`exit code ${report.exit_code}: ${code}`);
  const allowed = state === 'after' ? ['success'] : [null, 'running', 'failed'];
  if (!allowed.includes(status)) throw new Error(`the database is as ${state}, and the run log says ${status}`);
}

async function checkNextRun(
  stage: Stage,
  copy: Copy,
  client: Client,
  state: 'before' | 'after',
  status: string | null,
): Promise<void> {
  const asked = { configPath: stage.configPath, url: copy.url, date: secondDay, random: 'next' };
  const next = await run(await jobOf(asked));
  const told = { exit: next.exit_code, status: next.status, aborted: next.aborted_runs.map(({ run_id }) => run_id.slice(-6)) };
  const wanted = {
    exit: 0,
    status: state === 'before' ? 'success' : 'unchanged',
    aborted: status === 'running' ? ['faulty'] : [],
  };
  if (!isDeepStrictEqual(told, wanted)) throw new Error(`the next run: ${JSON.stringify({ told, wanted, error: next.error })}`);
  if (state === 'before' && !next.datasets.every(({ balanced }) => balanced)) throw new Error('the next run does not balance');
  if ((await whichState(stage, client)) !== 'after') throw new Error('the next run did not bring the day');
  const last = await statusOf(client, 'faulty');
  if (last !== (status === 'running' ? 'aborted' : status)) throw new Error(`the run log said ${status}, and says ${last} now`);
}
