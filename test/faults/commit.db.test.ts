import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { ProjetusError } from '../../src/core/errors.ts';
import type { RunReport } from '../../src/core/report.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { isCommit, openProxy, type Link, type Proxy, type Watcher } from '../support/proxy.ts';

/** What happens to the second COMMIT of a run, the one that publishes. */
type Fault = (at: { readonly link: Link; readonly proxy: Proxy; readonly interrupt: () => void }) => void;

type Trial = {
  readonly title: string;
  /** Instead of the COMMIT. */
  readonly onCommit?: Fault;
  /** While the server is at it, which takes a second then. */
  readonly during?: Fault;
  /** Instead of its answer. */
  readonly onAnswer?: Fault;
  readonly told: { readonly exit_code: number; readonly status: string; readonly error: object | null };
  readonly isPublished: boolean;
};

const unknown = { exit_code: 75, status: 'failed', error: { code: 'commit-unknown' } };
const published = { exit_code: 0, status: 'success', error: null };

const trials: readonly Trial[] = [
  {
    title: 'whose answer is lost is found to be published, on a new connection',
    onAnswer: ({ link }) => link.cutClient(),
    told: published,
    isPublished: true,
  },
  {
    title: 'whose answer is lost with the server is not known; the next run finds it published',
    onAnswer: ({ link, proxy }) => (proxy.close(), link.cutClient()),
    told: unknown,
    isPublished: true,
  },
  {
    title: 'that the server is still at when the connection is lost is waited for',
    during: ({ link }) => link.cutClient(),
    told: published,
    isPublished: true,
  },
  {
    title: 'that never arrives is found to be lost, on a new connection',
    onCommit: ({ link }) => link.cut(),
    told: { exit_code: 75, status: 'failed', error: { code: 'database-unavailable' } },
    isPublished: false,
  },
  {
    title: 'that never arrives is not known when the server is gone too; the next run finds it lost',
    onCommit: ({ link, proxy }) => (proxy.close(), link.cut()),
    told: unknown,
    isPublished: false,
  },
  {
    title: 'that is interrupted while its answer is awaited is published all the same',
    onAnswer: ({ link, interrupt }) => (link.swallow(), interrupt()),
    told: published,
    isPublished: true,
  },
  {
    title: 'that is interrupted is not said to be rolled back by who cannot know',
    onAnswer: ({ link, proxy, interrupt }) => (proxy.close(), link.swallow(), interrupt()),
    told: unknown,
    isPublished: true,
  },
];

/** A trigger that fires at the end of the transaction. */
const slowCommit = `
  CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON obras DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()`;

/** Calls the faults at the publishing COMMIT: the first one leaves the `running` row. */
function watcherOf(trial: Trial, interrupt: () => void, proxy: () => Proxy): Watcher {
  let commits = 0;
  let isAwaited = false;
  return {
    toServer: (chunk, link) => {
      if (!isCommit(chunk) || ++commits !== 2) return true;
      isAwaited = true;
      if (trial.during) setTimeout(trial.during, 200, { link, proxy: proxy(), interrupt });
      trial.onCommit?.({ link, proxy: proxy(), interrupt });
      return trial.onCommit === undefined;
    },
    toClient: (_, link) => {
      if (!isAwaited || !trial.onAnswer) return true;
      isAwaited = false;
      trial.onAnswer({ link, proxy: proxy(), interrupt });
      return false;
    },
  };
}

/** Runs the second day of a story through a proxy that does what the trial says. */
async function runInto(trial: Trial, days: Awaited<ReturnType<typeof story>>): Promise<RunReport> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new ProjetusError('terminated', 'Terminated; nothing was published.'));
  await using proxy: Proxy = await openProxy(
    days.project.databaseUrl,
    watcherOf(trial, interrupt, () => proxy),
  );
  const config = await loadConfig({ path: `${days.project.folder}/config.yaml`, env: { DATABASE_URL: proxy.url } });
  return await days.files({ 'obras.csv': csv('1;b;;;') }, { config, random: 'faulty', signal: interruption.signal });
}

describe('a COMMIT', () => {
  it.each(trials)('$title', async (trial) => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    if (trial.during) await days.project.query(slowCommit);
    const report = await runInto(trial, days);
    expect(report).toMatchObject(trial.told);
    const { isPublished } = trial;
    expect(await days.rows('nome')).toEqual([{ nome: isPublished ? 'b' : 'a' }]);

    const rehearsal = (await days.again({ isDryRun: true })).run;
    const next = (await days.again()).run;
    expect(next).toMatchObject({ exit_code: 0, status: isPublished ? 'unchanged' : 'success' });
    expect(await days.rows('nome')).toEqual([{ nome: 'b' }]);
    const dead = isPublished ? [] : [{ run_id: report.run_id, started_at: report.started_at, host: hostname() }];
    for (const { aborted_runs, alerts } of [rehearsal, next]) {
      expect(aborted_runs).toEqual(dead);
      expect(alerts.filter(({ code }) => code === 'run-aborted')).toHaveLength(dead.length);
    }
    expect(await days.project.query("SELECT status, exit_code FROM runs WHERE id LIKE '%faulty'")).toEqual([
      isPublished ? { status: 'success', exit_code: 0 } : { status: 'aborted', exit_code: null },
    ]);
    expect((await days.again()).run.aborted_runs).toEqual([]);
  });
});
