import { sql, type RawBuilder } from 'kysely';
import type { Relation } from '../core/dataset.ts';
import type { OrphanSample, RelationReport } from '../core/report.ts';
import type { Load } from '../load/load.ts';
import { measureRelation, type Measured } from '../load/relations.ts';
import type { Parent } from '../load/standings.ts';
import { isMet } from '../load/unmet.ts';
import type { Examined, ReadingContext } from './examined.ts';

/** Measures the relations that reject nothing, once the parents are known. */
export async function measureRelations(context: ReadingContext, examined: Examined): Promise<void> {
  for (const relation of examined.dataset.relations) {
    if (relation.onOrphan === 'reject' && examined.load) continue;
    examined.report.relations.push(await relationReport(context, examined, relation));
  }
}

export async function relationReport(context: ReadingContext, examined: Examined, relation: Relation): Promise<RelationReport> {
  const { load, dataset } = examined;
  const child = load ? readRows(load, relation.column) : sql`(SELECT * FROM ${sql.id(dataset.name)} WHERE _vanished_at IS NULL)`;
  const parent = parentOf(context, relation, examined);
  const { samples, ...counts } = await measureRelation(context.trx, { child, relation, parent });
  const { column, references } = relation;
  return {
    column,
    references: `${references.dataset}.${references.column}`,
    ...counts,
    orphan_samples: await withFiles(context, examined, samples),
  };
}

/** The parent as it is in this run. A dataset that refers to itself is its own parent, before it is classified. */
export function parentOf(context: ReadingContext, { references }: Relation, child: Examined): Parent {
  if (references.dataset === child.dataset.name) {
    return { dataset: child.dataset, load: child.load, isClassified: child.classified !== null };
  }
  const dataset = context.job.config.extraction.datasets.find((candidate) => candidate.name === references.dataset)!;
  const parent = context.examined.get(references.dataset);
  const isClassified = parent?.classified != null;
  // Of a file that could not be read to its end it would seem that most records are gone.
  const isBroken = parent?.error != null && !isClassified;
  return { dataset, load: isBroken ? null : (parent?.load ?? null), isClassified };
}

/** The rows of today's files: those in staging, and those that are stored just so. */
function readRows(load: Load, column: string): RawBuilder<unknown> {
  const staged = sql`SELECT ${sql.id(column)}, _source_id, _row FROM ${sql.id(load.staging.records)}`;
  if (load.unmet === null || load.ddl.added.includes(column)) return sql`(${staged})`;
  return sql`(${staged} UNION ALL
    SELECT ${sql.ref(`t.${column}`)}, t._source_id, t._row FROM ${sql.id(load.dataset.name)} t WHERE t._vanished_at IS NULL ${isMet(load)})`;
}

type SourceNames = ReadonlyMap<string, { file: string; sheet: string | null }>;

/** The files of today, by the number that their rows carry. */
export function sourceNames({ sources }: Examined): SourceNames {
  return new Map(sources.map(({ id, file, report }) => [id, { file: file.name, sheet: report.sheet }]));
}

/** Where the orphans stand: in today's files, or in those that stored records came from. */
async function withFiles(context: ReadingContext, examined: Examined, samples: Measured['samples']): Promise<OrphanSample[]> {
  const sources = new Map([...(await loggedNames(context, samples)), ...sourceNames(examined)]);
  return samples.map(({ value, sourceId, row, cause }) => ({ value, ...sources.get(sourceId)!, row, cause }));
}

async function loggedNames({ trx }: ReadingContext, samples: Measured['samples']): Promise<SourceNames> {
  if (samples.length === 0) return new Map();
  const rows = await trx
    .selectFrom('extraction_logs')
    .select([sql<string>`id::text`.as('id'), 'source_file', 'sheet'])
    .where(
      'id',
      'in',
      samples.map(({ sourceId }) => sourceId),
    )
    .execute();
  return new Map(rows.map(({ id, source_file: file, sheet }) => [id, { file, sheet }]));
}
