import type { Facts } from '../health/facts.ts';
import type { Metric, Sample } from './registry.ts';

/** What the database tells: true for as long as nobody runs, so that a file of it does not lie when it grows old. */
export function runMetrics(facts: Facts, pipelineVersion: string): Metric[] {
  const last = facts.runs.at(-1);
  const ended = facts.runs.findLast(({ exitCode }) => exitCode !== null);
  const published = seconds(facts.lastPublished?.finishedAt);
  return [
    buildInfo(pipelineVersion),
    ...(facts.tally ? tallied(facts.tally) : []),
    gauge('projetus_last_extraction_timestamp', 'When the newest published run ended, in Unix seconds.', published),
    gauge('projetus_run_last_success_timestamp_seconds', 'When the newest published run ended.', published),
    gauge('projetus_run_last_attempt_timestamp_seconds', 'When the newest run started.', seconds(last?.startedAt)),
    gauge('projetus_run_last_exit_code', 'Exit code of the newest run that ended.', plain(ended?.exitCode)),
    gauge(
      'projetus_dataset_rows',
      'Rows of each dataset in its newest published run, by what became of them.',
      datasetRows(facts),
    ),
    gauge(
      'projetus_dataset_stored_rows',
      'Rows of the table after its newest published run, without vanished ones.',
      facts.published.map(({ name, stored }) => ({ labels: { dataset: name }, value: stored })),
    ),
    gauge(
      'projetus_quarantine_rows',
      'Refused rows that are open.',
      facts.published.map(({ name }) => ({ labels: { dataset: name }, value: openRejects(facts, name) })),
    ),
    gauge('projetus_alerts_undelivered', 'Messages that no channel has taken.', plain(undelivered(facts))),
    gauge('projetus_lineage_history_bytes', 'Size of the superseded versions.', plain(facts.lineage.sizeBytes)),
  ];
}

export function buildInfo(version: string): Metric {
  return gauge('projetus_build_info', 'The version of the program.', [{ labels: { version }, value: 1 }]);
}

export function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { type: 'gauge', name, help, samples };
}

/** One number without labels; none when it is not known. */
export function plain(value: number | null | undefined): Sample[] {
  return value === null || value === undefined ? [] : [{ labels: {}, value }];
}

function tallied({ outcomes, durations }: NonNullable<Facts['tally']>): Metric[] {
  return [
    {
      type: 'counter',
      name: 'projetus_extraction_total',
      help: 'Runs of each entity by how they ended, in the run log that is kept (retention.runs_months): pruning resets it.',
      samples: outcomes.map(({ entity, outcome, runs }) => ({ labels: { status: outcome, entity_type: entity }, value: runs })),
    },
    {
      type: 'histogram',
      name: 'projetus_extraction_duration_seconds',
      help: 'Duration of the runs in the run log that is kept; phase="total" is the whole run.',
      labels: { phase: 'total' },
      observed: durations,
    },
  ];
}

function seconds(moment: Date | null | undefined): Sample[] {
  return moment ? plain(moment.getTime() / 1000) : [];
}

function datasetRows({ published }: Facts): Sample[] {
  return published.flatMap(({ name, counts }) =>
    Object.entries(counts).map(([outcome, value]) => ({ labels: { dataset: name, outcome }, value })),
  );
}

function openRejects({ openRejects }: Facts, dataset: string): number {
  return openRejects.find((entry) => entry.dataset === dataset)?.rejects ?? 0;
}

function undelivered({ undelivered }: Facts): number {
  return undelivered.reduce((sum, { deliveries }) => sum + deliveries, 0);
}
