import { sql } from 'kysely';
import { tableExists } from '../db/table-exists.ts';
import { lineageViewStatement } from '../lineage/view.ts';
import { entityIdSql } from '../load/keys.ts';
import { publish } from '../load/publish.ts';
import { dropWorkTables } from '../load/work-tables.ts';
import { closeGoneRejects, keepRejects } from '../quarantine/keep.ts';
import { reopenLost } from '../quarantine/retried-keys.ts';
import type { Examined, RunContext } from './examined.ts';

/** Writes everything that the run found, in the order of the datasets' relations. Returns the DDL that ran. */
export async function publishRun(context: RunContext): Promise<string[]> {
  const all = [...context.examined.values()];
  const viewBefore = await lineageViewStatement(context.trx);
  const ddl = await runDdl(context, all);
  for (const examined of all) {
    if (examined.load && examined.report.status === 'ready') examined.report.status = 'loaded';
    await logSources(context, examined);
    if (examined.load) await publishDataset(context, examined);
  }
  await dropWork(context);
  return [...ddl, ...(await remakeLineageView(context, viewBefore))];
}

/** What is left of a run that publishes nothing: its log and its quarantine. New tables go away again. */
export async function recordUnpublished(context: RunContext): Promise<void> {
  for (const examined of context.examined.values()) {
    await logSources(context, examined);
    if (!examined.load) continue;
    await keepRejects(context.trx, examined.dataset, examined.load.staging.refused, context.runId);
    if (examined.load.ddl.isNew) await sql`DROP TABLE ${sql.id(examined.dataset.name)}`.execute(context.trx);
  }
  await dropWork(context);
}

function dropWork({ trx, examined }: RunContext): Promise<void> {
  return dropWorkTables(
    trx,
    [...examined.values()].flatMap(({ load }) => load ?? []),
  );
}

async function runDdl(context: RunContext, all: readonly Examined[]): Promise<string[]> {
  const ran: string[] = [];
  for (const { load } of all) {
    ran.push(...(load?.ddl.create ?? []));
    for (const statement of load?.ddl.publish ?? []) {
      await sql.raw(statement).execute(context.trx);
      ran.push(statement);
    }
  }
  return ran;
}

async function publishDataset(context: RunContext, examined: Examined): Promise<void> {
  const { dataset, report, load, classified } = examined;
  context.job.onProgress({ phase: 'publishing', dataset: dataset.name });
  report.stored = await publish(context.trx, load!, classified!, {
    publishedAt: context.startedAt,
    snapshotSourceId: examined.sources[0]!.id,
    keepsLineage: context.job.config.lineage.enabled,
  });
  await keepRejects(context.trx, dataset, load!.staging.refused, context.runId);
  await reopenLost(context.trx, dataset, load!.staging.refused, load!.key.column);
  if (dataset.snapshot === 'full') await closeGoneRejects(context.trx, dataset, load!.staging.refused);
  await reconcile(context, examined);
  await rememberPublished(context, examined);
}

/** What was read against what is stored, and each totals row against its column. */
async function reconcile(context: RunContext, examined: Examined): Promise<void> {
  const { dataset, report, classified } = examined;
  const counts = report.counts!;
  const expected = classified!.liveBefore + counts.inserted + counts.restored - counts.vanished;
  const base = { run_id: context.runId, dataset: dataset.name };
  const checks = [
    {
      ...base,
      kind: 'rows',
      source_value: String(expected),
      db_value: String(report.stored),
      is_match: expected === report.stored,
      // An audit of this run has to know whether its files would be read in another way today; the volume is history.
      details: JSON.stringify({ ...counts, reading_hash: examined.readingHash, volume: report.volume }),
    },
    ...report.sources.flatMap((source) =>
      source.control_totals.map((total) => ({
        ...base,
        kind: 'control-total',
        source_value: total.file,
        db_value: total.computed,
        is_match: total.match,
        details: JSON.stringify({ file: source.file, column: total.column }),
      })),
    ),
  ];
  await context.trx.insertInto('reconciliations').values(checks).execute();
}

async function rememberPublished(context: RunContext, examined: Examined): Promise<void> {
  const { dataset, report, readingHash, lineReading, load } = examined;
  const row = {
    entity: dataset.entity,
    entity_id_sql: entityIdSql(load!.key, 't'),
    reading_hash: readingHash,
    run_id: context.runId,
    // Files of an earlier day stay files of that day, read again or not.
    business_date: report.stale_since ?? context.businessDate,
    checksums: JSON.stringify(examined.sources.map((source) => source.sha256).toSorted()),
    counts: JSON.stringify(report.counts),
    stored: report.stored!,
    line_reading: lineReading!.hash,
    line_reading_since: lineReading!.since,
  };
  await context.trx
    .insertInto('datasets')
    .values({ name: dataset.name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute();
}

async function logSources(context: RunContext, examined: Examined): Promise<void> {
  const { job } = context;
  const rows = examined.sources.map((source) => ({
    id: source.id,
    run_id: context.runId,
    dataset: examined.dataset.name,
    source_file: source.file.name,
    path: source.file.path,
    sheet: source.report.sheet,
    checksum: source.sha256,
    size_bytes: String(source.file.sizeBytes),
    header: source.header === null ? null : JSON.stringify(source.header),
    row_counts: JSON.stringify({ rows: source.report.rows, blank: source.report.blank_rows, footer: source.report.footer_rows }),
    pipeline_version: job.config.lineage.trackPipelineVersion ? job.pipelineVersion : 'untracked',
    status: examined.report.status,
    extraction_timestamp: context.startedAt,
  }));
  if (rows.length > 0) await context.trx.insertInto('extraction_logs').values(rows).execute();
}

/** The view names every table, its entity and its key. Runs of other datasets make it too, one after the other. */
async function remakeLineageView(context: RunContext, before: string): Promise<string[]> {
  const { trx, database } = context;
  if ((await tableExists(trx, 'data_lineage')) && (await lineageViewStatement(trx)) === before) return [];
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`projetus:lineage-view:${database.schema}`}, 0))`.execute(trx);
  const statement = await lineageViewStatement(trx);
  await sql.raw(statement).execute(trx);
  return [statement];
}
