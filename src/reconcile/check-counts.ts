import type { Counts } from '../core/report.ts';
import type { Published } from './published.ts';
import type { DatasetAudit } from './report.ts';

/** Compares the log of the run with itself, and the table with what was left behind. Fills in the counts. */
export function checkCounts(audit: DatasetAudit, published: Published, live: number, recorded: number): void {
  const logged = published.sources.reduce((sum, source) => sum + source.rows, 0);
  const { counts } = published;
  audit.source_count = counts?.read ?? logged;
  audit.db_count = live;
  audit.expected_count = recorded;
  audit.discrepancy = Math.abs(live - recorded);
  if (!counts) {
    audit.notes.push(`the checks of run ${published.runId} are no longer stored: its counts are those of its log`);
    return;
  }
  if (logged !== counts.read) {
    audit.problems.push(
      `the log of run ${published.runId} has ${logged} rows for its files, and ${counts.read} were counted as read`,
    );
  }
  const accounted = accountedFor(counts);
  if (accounted !== counts.read) {
    audit.problems.push(`run ${published.runId} read ${counts.read} rows, and ${accounted} of them are accounted for`);
  }
}

function accountedFor({ inserted, updated, unchanged, restored, duplicate, filtered, rejected }: Counts): number {
  return inserted + updated + unchanged + restored + duplicate + filtered + rejected;
}

/** What the counts show and the keys do not name: a row of an earlier file that is gone, for instance. */
export function addUnnamed(audit: DatasetAudit): void {
  const unnamed = audit.db_count - audit.expected_count - (audit.extra_in_db - audit.missing_in_db);
  if (unnamed > 0) audit.extra_in_db += unnamed;
  else audit.missing_in_db -= unnamed;
}
