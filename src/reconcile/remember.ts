import { ProjetusError } from '../core/errors.ts';
import { storableJson } from '../core/storable-json.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../db/open-database.ts';
import type { Tables } from '../db/tables.ts';
import { changeOperationalTables } from '../runs.ts';
import type { AuditLevel, DatasetAudit } from './report.ts';

/** Whether the newest audit of a dataset at this level found a mismatch. */
export async function lastMismatched(db: Kysely<Tables>, dataset: string, level: AuditLevel): Promise<boolean> {
  const row = await db
    .selectFrom('reconciliations')
    .select('is_match')
    .where('dataset', '=', dataset)
    .where('kind', '=', kindOf(level))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined && !row.is_match;
}

/**
 * Stores the audits, in a short transaction of their own: a mismatch counts for more when the next audit finds it too.
 * Returns why it could not be done, for a role that may only read.
 */
export async function rememberAudits(database: Database, audits: readonly DatasetAudit[]): Promise<string | null> {
  const rows = audits.filter(({ status }) => status === 'audited').map(rowOf);
  if (rows.length === 0) return null;
  try {
    await changeOperationalTables(database, (trx) => trx.insertInto('reconciliations').values(rows).execute());
    return null;
  } catch (error) {
    if (error instanceof ProjetusError && error.code === 'permission-missing') return error.message;
    throw error;
  }
}

/** No sample goes in: the samples of an audit are for whoever asked. */
function rowOf(audit: DatasetAudit) {
  const { discrepancy, missing_in_db, extra_in_db, different, explained, problems, notes } = audit;
  return {
    run_id: audit.run_id!,
    dataset: audit.name,
    kind: kindOf(audit.level!),
    source_value: String(audit.expected_count),
    db_value: String(audit.db_count),
    is_match: audit.match,
    details: storableJson({ discrepancy, missing_in_db, extra_in_db, different, explained, problems, notes }),
  };
}

function kindOf(level: AuditLevel): string {
  return `audit-${level}`;
}
