import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Loading } from '../runs.ts';
import type { CorrectedFile } from './corrected-file.ts';

export type LogContext = {
  readonly trx: Loading;
  readonly runId: string;
  readonly startedAt: Date;
  readonly pipelineVersion: string;
  readonly corrected: CorrectedFile | null;
};

/** Logs the files that the tried rows of a dataset come from, as sources of this run. */
export async function logRetriedSources(context: LogContext, dataset: Dataset): Promise<void> {
  if (context.corrected === null) await logOrigins(context, dataset);
  else await logCorrected(context, dataset, context.corrected);
}

/**
 * The file of then, once more under a number of its own: so lineage names that file and line, and this run and moment;
 * and `runs undo` knows what the retry wrote. `retried_from` says whose content it is, for what is newer than what.
 */
async function logOrigins({ trx, runId, pipelineVersion }: LogContext, dataset: Dataset): Promise<void> {
  await sql`
    INSERT INTO extraction_logs
      (id, run_id, dataset, source_file, path, sheet, checksum, size_bytes, header, row_counts, pipeline_version, status, extraction_timestamp)
    SELECT r.source_id, ${runId}, e.dataset, e.source_file, e.path, e.sheet, e.checksum, e.size_bytes, e.header,
      jsonb_build_object('rows', r.rows, 'retried_from', e.id), ${pipelineVersion}, 'retried', e.extraction_timestamp
    FROM (SELECT source_id, origin, count(*) AS rows FROM _retry WHERE dataset = ${dataset.name} GROUP BY 1, 2) r
    JOIN extraction_logs e ON e.id = r.origin`.execute(trx);
}

async function logCorrected({ trx, runId, startedAt, pipelineVersion }: LogContext, dataset: Dataset, corrected: CorrectedFile) {
  const { rows } = await sql<{ source_id: string; sheet: number; rows: number }>`
    SELECT source_id::text AS source_id, sheet, count(*)::int AS rows FROM _retry WHERE dataset = ${dataset.name} GROUP BY 1, 2`.execute(
    trx,
  );
  const logs = rows.map(({ source_id, sheet, rows }) => {
    const { table, header } = corrected.sheets.find(({ number }) => number === sheet)!;
    return {
      id: source_id,
      run_id: runId,
      dataset: dataset.name,
      source_file: corrected.file.name,
      path: corrected.file.path,
      sheet: table.receipt.sheet,
      checksum: corrected.sha256,
      size_bytes: String(corrected.file.sizeBytes),
      header: JSON.stringify(header),
      row_counts: JSON.stringify({ rows }),
      pipeline_version: pipelineVersion,
      status: 'retried',
      extraction_timestamp: startedAt,
    };
  });
  if (logs.length > 0) await trx.insertInto('extraction_logs').values(logs).execute();
}
