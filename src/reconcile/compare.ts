import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Tables } from '../db/tables.ts';
import { count } from '../load/classify.ts';
import { tableState, type TableState } from '../load/table-catalog.ts';
import { personalColumns } from '../run/mask-report.ts';
import { isReadAlike, type Audited } from './audited.ts';
import { addUnnamed, checkCounts } from './check-counts.ts';
import { checkColumns } from './column-checks.ts';
import { findKeyDifferences } from './key-differences.ts';
import { countOutcomes, type Outcomes } from './outcomes.ts';
import { recordedRows } from './published.ts';
import type { AuditLevel } from './report.ts';
import { takeSamples } from './samples.ts';
import { findAltered, findUnsourced } from './unread-rows.ts';
import { comparedColumns, findValueDifferences } from './value-differences.ts';

/** Compares what was staged with the table, as deep as `level` says, and fills in the report. Writes to temporary tables only. */
export async function compare(
  trx: Kysely<Tables>,
  audited: Audited,
  level: AuditLevel,
  datasets: readonly Dataset[],
): Promise<void> {
  const { report, dataset, outcomes } = audited;
  const state = await tableState(trx, dataset.name);
  const isThere = state.columns.has('_vanished_at') && state.primaryKey.length === 1;
  const live = isThere ? await count(trx, sql`${sql.id(dataset.name)} WHERE _vanished_at IS NULL`) : 0;
  checkCounts(report, audited.published!, live, await recordedRows(trx, dataset.name));
  report.level = 'counts';
  if (!isThere) report.problems.push(`there is no table ${dataset.name} with the columns and the key that projetus gave it`);
  else if (outcomes) await compareRows(audited, outcomes, { state, level, personal: personalColumns(datasets, dataset.name) });
  addUnnamed(report);
  report.match =
    report.problems.length === 0 &&
    report.discrepancy + report.missing_in_db + report.extra_in_db + report.different === 0 &&
    report.columns.every(({ match }) => match);
}

type Comparison = { readonly state: TableState; readonly level: AuditLevel; readonly personal: ReadonlySet<string> };

async function compareRows(audited: Audited, outcomes: Outcomes, { state, level, personal }: Comparison): Promise<void> {
  const { report, restaged } = audited;
  const compared = restaged ? comparedColumns(restaged, outcomes.sourceIds, isReadAlike(audited)) : [];
  if (restaged) {
    await findKeyDifferences(outcomes, restaged.load);
    report.level = level;
  }
  if (level === 'content') {
    if (restaged) await findValueDifferences(outcomes, restaged.load, compared);
    if (restaged) report.columns = await checkColumns(outcomes, restaged);
    await checkUnread(audited, outcomes, state);
  }
  const { open, explained } = await countOutcomes(outcomes);
  report.missing_in_db = open.missing;
  report.extra_in_db = open.extra;
  report.different = open.different + open.altered + open.unsourced;
  report.explained = explained;
  report.samples = await takeSamples(outcomes, { state, restaged, compared, personal });
}

async function checkUnread({ report, readingHash, restaged }: Audited, outcomes: Outcomes, state: TableState): Promise<void> {
  const rows = { state, readingHash, hasStaging: restaged !== null };
  const uncertain = await findAltered(outcomes, rows);
  await findUnsourced(outcomes, rows);
  if (!restaged) report.notes.push('the stored values were compared with the hashes that were stored with them');
  if (uncertain === 0) return;
  report.notes.push(
    `${uncertain} rows that the files do not hold were written under another configuration and do not have their hash: types or columns may have changed since`,
  );
}
