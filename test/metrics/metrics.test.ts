import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { healthOf } from '../../src/health/health.ts';
import { healthMetrics } from '../../src/metrics/health-metrics.ts';
import { exposition } from '../../src/metrics/registry.ts';
import { runMetrics } from '../../src/metrics/run-metrics.ts';
import { nothingYet } from '../../src/health/facts.ts';
import { facts, seen } from '../health/seen.ts';

const full = {
  openRejects: [{ dataset: 'obras', rejects: 12 }],
  undelivered: [{ channel: 'telegram', deliveries: 2, oldestAt: new Date('2026-11-18T12:20:00Z') }],
  tally: {
    outcomes: [
      { entity: 'obra', outcome: 'success', runs: 300 },
      { entity: 'obra', outcome: 'failed', runs: 2 },
    ],
    durations: [0.5, 10, 10.1, 59, 301],
  },
};

function textOf(what = seen(full)): Promise<string> {
  return healthMetrics(what, healthOf(what, '1.2.3+abc1234'));
}

/** Without help, a line per sample. */
function samples(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('metrics', () => {
  it('keep their names, labels and buckets', async () => {
    expect(samples(await textOf())).toEqual([
      'projetus_build_info{version="1.2.3+abc1234"} 1',
      'projetus_extraction_total{status="success",entity_type="obra"} 300',
      'projetus_extraction_total{status="failed",entity_type="obra"} 2',
      'projetus_extraction_duration_seconds_bucket{le="10",phase="total"} 2',
      'projetus_extraction_duration_seconds_bucket{le="30",phase="total"} 3',
      'projetus_extraction_duration_seconds_bucket{le="60",phase="total"} 4',
      'projetus_extraction_duration_seconds_bucket{le="120",phase="total"} 4',
      'projetus_extraction_duration_seconds_bucket{le="300",phase="total"} 4',
      'projetus_extraction_duration_seconds_bucket{le="+Inf",phase="total"} 5',
      'projetus_extraction_duration_seconds_sum{phase="total"} 380.6',
      'projetus_extraction_duration_seconds_count{phase="total"} 5',
      'projetus_last_extraction_timestamp 1795004400',
      'projetus_run_last_success_timestamp_seconds 1795004400',
      'projetus_run_last_attempt_timestamp_seconds 1795004100',
      'projetus_run_last_exit_code 0',
      'projetus_dataset_rows{dataset="obras",outcome="read"} 1000',
      'projetus_dataset_rows{dataset="obras",outcome="inserted"} 990',
      'projetus_dataset_rows{dataset="obras",outcome="rejected"} 10',
      'projetus_dataset_rows{dataset="of-long-ago",outcome="read"} 5',
      'projetus_dataset_stored_rows{dataset="obras"} 990',
      'projetus_dataset_stored_rows{dataset="of-long-ago"} 5',
      'projetus_quarantine_rows{dataset="obras"} 12',
      'projetus_quarantine_rows{dataset="of-long-ago"} 0',
      'projetus_alerts_undelivered 2',
      'projetus_lineage_history_bytes 97000000',
      'projetus_health_status 1',
      'projetus_health_check_status{check="database"} 0',
      'projetus_health_check_status{check="schedule"} 0',
      'projetus_health_check_status{check="running"} 0',
      'projetus_health_check_status{check="failures"} 0',
      'projetus_health_check_status{check="sources"} 0',
      'projetus_health_check_status{check="migrations"} 0',
      'projetus_health_check_status{check="alerts"} 1',
      'projetus_health_check_status{check="quarantine"} 0',
      'projetus_health_check_status{check="lineage"} 0',
      'projetus_health_check_status{check="disk"} 0',
      'projetus_raw_dir_free_bytes 50000000000',
    ]);
  });

  it('leave out what cannot be known', async () => {
    const down = seen({}, { database: { state: 'down', reason: 'x' }, disk: { error: 'x' } });
    expect(samples(await textOf(down))).toEqual([
      'projetus_build_info{version="1.2.3+abc1234"} 1',
      'projetus_health_status 2',
      'projetus_health_check_status{check="database"} 2',
      'projetus_health_check_status{check="disk"} 1',
    ]);
  });

  it('of a database without runs have no time and no run', async () => {
    expect(samples(await exposition(runMetrics(nothingYet([]), '1')))).toEqual([
      'projetus_build_info{version="1"} 1',
      'projetus_alerts_undelivered 0',
      'projetus_lineage_history_bytes 0',
    ]);
  });

  it('in a file hold nothing that is true only for a moment', async () => {
    const text = await exposition(runMetrics(facts(full), '1'));
    expect(text).not.toMatch(/health|free_bytes/);
  });

  it('escape the names of datasets', async () => {
    const text = await textOf(seen({ published: [{ name: 'a"b\\c\nd', stored: 1, counts: {} }] }));
    expect(samples(text)).toContain('projetus_dataset_stored_rows{dataset="a\\"b\\\\c\\nd"} 1');
  });
});

/** Debian: apt-get install prometheus. */
const tool = 'promtool';
const isThere = spawnSync(tool, ['--version']).status === 0;

describe.skipIf(!isThere)('promtool', () => {
  it.each([
    { title: 'a full database', text: textOf() },
    { title: 'an empty one', text: exposition(runMetrics(nothingYet([]), '1')) },
  ])('has nothing against the metrics of $title', async ({ text }) => {
    const { status, stdout, stderr } = spawnSync(tool, ['check', 'metrics'], { input: await text, encoding: 'utf8' });
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
    // The one name without a unit, which versions of promtool may mind, is kept for those who have it.
    expect(complaints.filter((line) => !line.startsWith('projetus_last_extraction_timestamp '))).toEqual([]);
    expect(status === 0 || complaints.length > 0).toBe(true);
  });

  it('is asked in earnest: it complains about a counter that is not called so', () => {
    const text = '# TYPE projetus_x counter\nprojetus_x 1\n';
    const check = spawnSync(tool, ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(`${check.stdout}${check.stderr}`).toContain('counter metrics should have "_total" suffix');
  });
});
