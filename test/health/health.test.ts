import { describe, expect, it } from 'vitest';
import { nothingYet, type Facts } from '../../src/health/facts.ts';
import { healthOf } from '../../src/health/health.ts';
import type { Seen } from '../../src/health/check.ts';
import { config, noon, run, seen } from './seen.ts';

/** Problems, as `check status: message`. */
function problems(what: Seen): string[] {
  return healthOf(what, '0.0.0')
    .checks.filter(({ status }) => status !== 'ok')
    .map(({ name, status, message }) => `${name} ${status}: ${message}`);
}

const at = (now: string) => ({ now: new Date(now) });
const tuesday = run('success', '2026-11-17T12:15');
const wednesday = run('success', '2026-11-18T12:15');

describe('health', () => {
  it('has the shape that scripts rely on', () => {
    const { checks, ...rest } = healthOf(seen(), '1.2.3+abc1234');
    expect(rest).toEqual({
      schema: 'projetus.health/1',
      status: 'healthy',
      message: 'All is well. The data (990 records of 1 dataset) were last published 2.9 hours ago.',
      last_extraction: '2026-11-18T12:20:00.000Z',
      hours_since_last: 2.9,
      records_extracted: { obras: 990 },
      pipeline_version: '1.2.3+abc1234',
    });
    expect(checks.map(({ name }) => name)).toEqual([
      'database',
      'schedule',
      'running',
      'failures',
      'sources',
      'migrations',
      'alerts',
      'quarantine',
      'lineage',
      'disk',
    ]);
    expect(checks[1]).toEqual({
      name: 'schedule',
      status: 'ok',
      message: 'the run due Wed 18 Nov, 09:15 took place; the next is due Thu 19 Nov, 09:15',
    });
  });

  it('does not call a run due next that one of the small hours has made already', () => {
    const runs = [tuesday, run('success', '2026-11-18T03:04')];
    const report = healthOf(seen({ runs }, { now: new Date('2026-11-18T03:10:00Z') }), '1');
    expect(report.checks[1]!.message).toBe('the run due Wed 18 Nov, 09:15 took place; the next is due Thu 19 Nov, 09:15');
  });

  it('is as bad as its worst check, and names the others', () => {
    const runs = [tuesday];
    const report = healthOf(seen({ runs }, { disk: { freeBytes: 900e6, sizeBytes: 10e9 } }), '1');
    expect(report.status).toBe('unhealthy');
    expect(report.message).toBe(
      'Unhealthy: no run is recorded for Wed 18 Nov, 09:15; look at the cron and its log, then start projetus run. ' +
        'Also: disk. The data (990 records of 1 dataset) were last published 26.9 hours ago.',
    );
  });

  it.each<{ title: string; facts: Partial<Facts>; now?: string; found: string[] }>([
    {
      title: 'nothing, on a Sunday without runs',
      facts: { runs: [tuesday, wednesday, run('success', '2026-11-19T12:15'), run('unchanged', '2026-11-20T12:15')] },
      now: '2026-11-22T20:00:00Z',
      found: [],
    },
    { title: 'nothing, while the run may still start', facts: { runs: [tuesday] }, now: '2026-11-18T13:15:00Z', found: [] },
    {
      title: 'a missed run, a moment after its grace',
      facts: { runs: [tuesday] },
      now: '2026-11-18T13:15:00.001Z',
      found: ['schedule fail: no run is recorded for Wed 18 Nov, 09:15; look at the cron and its log, then start projetus run'],
    },
    {
      title: 'a missed run, also while the next one may still start',
      facts: { runs: [tuesday] },
      now: '2026-11-19T12:20:00Z',
      found: ['schedule fail: no run is recorded for Wed 18 Nov, 09:15; the one due Thu 19 Nov, 09:15 has not started yet'],
    },
    {
      title: 'several missed runs as one problem',
      facts: { runs: [tuesday], lineage: { partitions: ['lineage_history_2026_12'], sizeBytes: 0 } },
      now: '2026-11-23T20:00:00Z',
      found: [
        'schedule fail: no run is recorded for Mon 23 Nov, 09:15, nor for 3 slots before it; look at the cron and its log, then start projetus run',
      ],
    },
    {
      title: 'a late run',
      facts: { runs: [tuesday, run('success', '2026-11-18T14:45')] },
      found: ['schedule warn: the run due Wed 18 Nov, 09:15 started 2.5 hours late; look at the cron and at projetus runs list'],
    },
    {
      title: 'a day that only a later try published',
      facts: { runs: [tuesday, run('failed', '2026-11-18T12:15'), run('success', '2026-11-18T14:15')] },
      found: [
        'schedule warn: the run due Wed 18 Nov, 09:15 was published only by a later try, after 2.0 hours; look at the cron and at projetus runs list',
      ],
    },
    {
      title: 'a failed run',
      facts: { runs: [tuesday, run('failed', '2026-11-18T12:15')] },
      found: ['failures fail: run 20261118T1215 failed with exit code 7: projetus runs show 20261118T1215'],
    },
    {
      title: 'two held runs in a row',
      facts: { runs: [tuesday, run('held', '2026-11-18T12:15'), run('held', '2026-11-18T14:15')] },
      found: [
        'failures fail: 2 runs in a row published nothing: the newest, 20261118T1415, was held by a guard: projetus runs show 20261118T1415',
      ],
    },
    {
      title: 'a killed run, found dead by nobody but the next one',
      facts: { runs: [tuesday, run('aborted', '2026-11-18T12:15')] },
      found: ['failures fail: run 20261118T1215 was killed: projetus runs show 20261118T1215'],
    },
    {
      title: 'a failure after the day was published, as a warning',
      facts: { runs: [tuesday, wednesday, run('failed', '2026-11-18T14:15')] },
      found: [
        'failures warn: run 20261118T1415 failed with exit code 7; the data of the day were published before it: projetus runs show 20261118T1415',
      ],
    },
    {
      title: 'yesterday’s failure, until a run has published',
      facts: { runs: [run('failed', '2026-11-17T12:15'), run('running', '2026-11-18T12:15')] },
      now: '2026-11-18T12:16:00Z',
      found: ['failures fail: run 20261117T1215 failed with exit code 7: projetus runs show 20261117T1215'],
    },
    {
      title: 'nothing of a failure that was made good',
      facts: { runs: [run('failed', '2026-11-17T12:15'), wednesday] },
      found: [],
    },
    {
      title: 'nothing of a run at work, to the last moment of its grace',
      facts: { runs: [tuesday, run('running', '2026-11-18T12:15')] },
      now: '2026-11-18T14:15:00Z',
      found: [],
    },
    {
      title: 'a run that hangs',
      facts: { runs: [tuesday, run('running', '2026-11-18T12:15')] },
      found: [
        'running fail: run 20261118T1215 (process 4242 on srv) has not ended after 3.0 hours; it hangs or was killed: end it if it is there, then start projetus run',
      ],
    },
    {
      title: 'files of an earlier day',
      facts: { newest: [{ name: 'obras', staleSince: '2026-11-13', newRejects: 0 }] },
      found: ['sources warn: the files of obras are those of 2026-11-13: look at raw_dir and at the publisher'],
    },
    {
      title: 'a dataset that the runs leave out',
      facts: {
        runs: [run('success', '2026-11-16T12:15'), { ...tuesday, datasets: ['obras'] }, { ...wednesday, datasets: ['obras'] }],
      },
      found: ['sources warn: pontes was in no published run for 2.1 days: look at raw_dir and at the publisher'],
    },
    {
      title: 'a dataset that was never in a run',
      facts: { runs: [tuesday, wednesday].map((one) => ({ ...one, datasets: ['obras'] })) },
      found: ['sources warn: pontes was in none of the last runs: look at raw_dir and at the publisher'],
    },
    {
      title: 'pending migrations',
      facts: { migrations: { pending: ['0009-x'], unknown: [] } },
      found: ['migrations warn: 0009-x pending; the next run applies what is missing'],
    },
    {
      title: 'migrations of a newer version',
      facts: { migrations: { pending: [], unknown: ['0010-y'] } },
      found: [
        'migrations fail: the database has 0010-y, which this version does not know; runs will fail: use the newer version that made it',
      ],
    },
    {
      title: 'alerts that no channel took',
      facts: {
        undelivered: [
          { channel: 'email', deliveries: 1, oldestAt: new Date('2026-11-18T12:20:00Z') },
          { channel: 'telegram', deliveries: 2, oldestAt: new Date('2026-11-17T12:20:00Z') },
        ],
      },
      found: [
        'alerts warn: 3 messages could not be delivered: 1 to email since Wed 18 Nov, 09:20, 2 to telegram since Tue 17 Nov, 09:20; projetus alerts test says why',
      ],
    },
    {
      title: 'new rejects',
      facts: {
        openRejects: [{ dataset: 'obras', rejects: 1200 }],
        newest: [{ name: 'obras', staleSince: null, newRejects: 12 }],
      },
      found: ['quarantine warn: 1,200 refused rows are open; new in the newest run: 12 of obras: projetus quarantine list'],
    },
    { title: 'nothing of old rejects', facts: { openRejects: [{ dataset: 'obras', rejects: 1200 }] }, found: [] },
    {
      title: 'a partition that is missing',
      facts: { lineage: { partitions: ['lineage_history_2026_11'], sizeBytes: 1500 } },
      found: ['lineage warn: the history is 1.5 kB in 1 month; lineage_history_2026_12 is missing: the next run makes it'],
    },
    {
      title: 'months that should have been pruned, two years and two months ago',
      facts: {
        lineage: {
          partitions: ['by_hand', 'lineage_history_2024_09', 'lineage_history_2024_10', 'lineage_history_2026_12'],
          sizeBytes: 97e6,
        },
      },
      found: [
        'lineage warn: the history is 97.0 MB in 4 months; 1 month older than the 24 that are kept: projetus lineage prune',
      ],
    },
  ])('finds $title', ({ facts, now = noon, found }) => {
    expect(problems(seen(facts, at(now)))).toEqual(found);
  });

  it.each([
    { free: 199e6, size: 1e9, found: ['disk fail: only 199.0 MB free (20 %)'] },
    { free: 200e6, size: 1e9, found: ['disk warn: only 200.0 MB free (20 %)'] },
    { free: 999e6, size: 2e9, found: ['disk warn: only 999.0 MB free (50 %)'] },
    { free: 49e9, size: 1e12, found: ['disk warn: only 49.0 GB free (5 %)'] },
    { free: 50e9, size: 1e12, found: [] },
  ])('looks at the disk: $free bytes free of $size', ({ free, size, found }) => {
    const shown = problems(seen({}, { disk: { freeBytes: free, sizeBytes: size } }));
    expect(shown.map((text) => text.replace(/ for .*/, ''))).toEqual(found);
  });

  it.each<{ title: string; database: Seen['database']; found: string[]; status: string; last: string }>([
    {
      title: 'a database that is down, and still sees to the disk',
      database: { state: 'down', reason: 'Database: connect ECONNREFUSED 127.0.0.1:5432' },
      found: [
        'database fail: the database cannot be read: Database: connect ECONNREFUSED 127.0.0.1:5432; check that the server runs, and DATABASE_URL',
      ],
      status: 'unhealthy',
      last: 'When data were last published cannot be seen.',
    },
    {
      title: 'an embedded database that a run has',
      database: {
        state: 'busy',
        reason: 'The embedded database db is in use by process 7 on srv.',
        since: new Date('2026-11-18T15:00:00Z'),
      },
      found: [
        'database warn: The embedded database db is in use by process 7 on srv, probably by a run; look again when it has ended',
      ],
      status: 'degraded',
      last: 'When data were last published cannot be seen.',
    },
    {
      title: 'an embedded database that somebody has for too long',
      database: {
        state: 'busy',
        reason: 'The embedded database db is in use by process 7 on srv.',
        since: new Date('2026-11-18T12:15:00Z'),
      },
      found: ['database fail: The embedded database db is in use by process 7 on srv, for 3.0 hours: look at that process'],
      status: 'unhealthy',
      last: 'When data were last published cannot be seen.',
    },
    {
      title: 'an embedded database that was never made',
      database: { state: 'absent', folder: '/data/db', facts: nothingYet(['0001-x']) },
      found: [
        'database warn: the embedded database /data/db is not there yet; the first run makes it',
        'schedule fail: no run was ever made; start projetus run, and let a cron start it every day',
        'migrations warn: 0001-x pending; the next run applies what is missing',
      ],
      status: 'unhealthy',
      last: 'Nothing has been published yet.',
    },
  ])('tells of $title', ({ database, found, status, last }) => {
    const what = seen({}, { database });
    expect(problems(what)).toEqual(found);
    const report = healthOf(what, '1');
    expect(report).toMatchObject({ status, last_extraction: null, hours_since_last: null, records_extracted: {} });
    expect(report.message.endsWith(last)).toBe(true);
    expect(report.checks.at(-1)).toMatchObject({ name: 'disk', status: 'ok' });
  });

  it('tells of a raw_dir that is not there', () => {
    expect(problems(seen({}, { disk: { error: 'there is no such folder' } }))).toEqual([
      `disk warn: raw_dir ${config.extraction.rawDir} cannot be looked at: there is no such folder`,
    ]);
  });

  it('expects nothing before the first run of the log', () => {
    expect(problems(seen({ runs: [run('success', '2026-11-18T14:00')] }))).toEqual([]);
  });
});
