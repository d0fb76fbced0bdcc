import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Relation } from '../core/dataset.ts';
import type { OrphanCause, OrphanCauses, RelationReport } from '../core/report.ts';
import type { Tables } from '../db/tables.ts';
import { count } from './classify.ts';
import type { Load } from './load.ts';
import { removedRows, type RemovedRows } from './repeats.ts';
import { renewStatistics } from './statistics.ts';
import { standing, standingNames, standings, type Parent } from './standings.ts';

/** A relation between rows that refer (a table, or a SELECT in brackets) and what they refer to. */
export type Reference = { readonly child: RawBuilder<unknown>; readonly relation: Relation; readonly parent: Parent };

export type Measured = Pick<RelationReport, 'matched' | 'orphans' | 'orphan_causes'> & {
  /** The first orphans, in the order of files and lines. */
  readonly samples: readonly { value: string; sourceId: string; row: number | null; cause: OrphanCause }[];
};

const shownOrphans = 10;

/** How many rows refer to a record that exists, how many to none, and why. Blank cells refer to nothing. */
export async function measureRelation(trx: Kysely<Tables>, reference: Reference): Promise<Measured> {
  const { child, relation, parent } = reference;
  await renewStatistics(trx, parent.dataset);
  const referring = await count(trx, sql`${child} c WHERE ${sql.ref(`c.${relation.column}`)} IS NOT NULL`);
  await listOrphans(trx, reference);
  const orphans = await count(trx, sql`_orphans`);
  const counts = { matched: referring - orphans, orphans };
  if (orphans === 0) return { ...counts, orphan_causes: noCauses, samples: [] };
  const nowhere = (await mayHideRows(trx, parent)) ? 'unread' : 'unknown';
  const causeOf = (place: number | null) => (place === null ? nowhere : (standingNames[place] as OrphanCause));
  const known = sql`(SELECT value, standing FROM (${await standings(trx, relation, parent)}) u WHERE standing > ${standing('live')})`;
  const orphan_causes = { ...noCauses };
  for (const { place, n } of await countCauses(trx, known)) orphan_causes[causeOf(place)] = n;
  const samples = await firstOrphans(trx, known);
  return { ...counts, orphan_causes, samples: samples.map(({ place, ...sample }) => ({ ...sample, cause: causeOf(place) })) };
}

const noCauses: Readonly<OrphanCauses> = { filtered: 0, rejected: 0, vanished: 0, unknown: 0, unread: 0 };

/** Of a million rows that are all orphans, listing them takes about as long as a count, and each question after it less. */
async function listOrphans(trx: Kysely<Tables>, { child, relation, parent }: Reference): Promise<void> {
  const column = sql.ref(`c.${relation.column}`);
  await sql`DROP TABLE IF EXISTS pg_temp._orphans`.execute(trx);
  await sql`
    CREATE TEMP TABLE _orphans ON COMMIT DROP AS
    SELECT ${column}::text AS value, c._source_id AS source_id, c._row AS row_number FROM ${child} c
    WHERE ${await refersToNothing(trx, relation, parent)}`.execute(trx);
}

/** NOT EXISTS: a NOT IN over more values than fit work_mem reads all of them again for every row. */
async function refersToNothing(trx: Kysely<Tables>, relation: Relation, parent: Parent): Promise<RawBuilder<unknown>> {
  const column = sql.ref(`c.${relation.column}`);
  return sql`${column} IS NOT NULL AND NOT EXISTS (
    SELECT FROM (${await standings(trx, relation, parent)}) p
    WHERE p.standing = ${standing('live')} AND p.value = ${column}::text)`;
}

/** Orphans by the standing of what they refer to; null: nobody has it. */
async function countCauses(trx: Kysely<Tables>, known: RawBuilder<unknown>) {
  const { rows } = await sql<{ place: number | null; n: number }>`
    SELECT k.place, count(*)::int AS n
    FROM _orphans o LEFT JOIN (SELECT value, min(standing) AS place FROM ${known} u GROUP BY value) k ON k.value = o.value
    GROUP BY k.place`.execute(trx);
  return rows;
}

async function firstOrphans(trx: Kysely<Tables>, known: RawBuilder<unknown>) {
  const { rows } = await sql<{ value: string; sourceId: string; row: number | null; place: number | null }>`
    SELECT o.value, o.source_id::text AS "sourceId", o.row_number AS row, min(k.standing) AS place
    FROM (SELECT * FROM _orphans ORDER BY source_id, row_number LIMIT ${shownOrphans}) o
      LEFT JOIN ${known} k ON k.value = o.value
    GROUP BY o.source_id, o.row_number, o.value ORDER BY o.source_id, o.row_number`.execute(trx);
  return rows;
}

/** Whether a parent may lack records because its rows were refused, and only reading its files would tell which. */
async function mayHideRows(trx: Kysely<Tables>, { dataset, load }: Parent): Promise<boolean> {
  if (load) return false;
  const last = await trx.selectFrom('datasets').select('counts').where('name', '=', dataset.name).executeTakeFirst();
  const { filtered = 0, rejected = 0 } = (last?.counts ?? {}) as { filtered?: number; rejected?: number };
  return filtered + rejected > 0;
}

/** Takes the staged rows that refer to nothing out, and tells which they were. */
export async function removeOrphans(trx: Kysely<Tables>, load: Load, relation: Relation, parent: Parent): Promise<RemovedRows> {
  return removedRows(
    trx,
    sql`
    DELETE FROM ${sql.id(load.staging.records)} c WHERE ${await refersToNothing(trx, relation, parent)}
    RETURNING c._source_id::text AS source_id, c._row AS row_number, ${sql.ref(`c.${load.key.column}`)}::text AS key`,
  );
}
