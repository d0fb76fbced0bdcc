import { sql } from 'kysely';
import type { Load } from '../load/load.ts';
import type { Loading } from '../runs.ts';

/**
 * Takes the rows out of staging whose key has a live record of other content that is not older than the reject: it came
 * from the same file or a later one, so the reject is yesterday's news, and a person has to say that it is right
 * (`--force`). Ids of files grow with time; a retry's own log stands for the file that the reject came from. A record
 * that has vanished says nothing: the row is what brings it back.
 */
export async function setSupersededAside(trx: Loading, load: Load): Promise<number> {
  if (load.key.derived === 'content') return 0;
  const key = sql.id(load.key.column);
  const { rows } = await sql<{ n: number }>`
    WITH aside AS (
      DELETE FROM ${sql.id(load.staging.records)} s
      USING ${sql.id(load.dataset.name)} t, _retry r, quarantine q, extraction_logs e
      WHERE t.${key} = s.${key} AND t._vanished_at IS NULL AND t._hash <> s._hash
        AND r.source_id = s._source_id AND r.row_number = s._row AND q.id = r.quarantine_id
        AND e.id = t._source_id AND coalesce((e.row_counts->>'retried_from')::bigint, e.id) >= q.source_id
      RETURNING r.quarantine_id AS id, e.source_file AS file, e.sheet, t._row AS line
    ), noted AS (
      UPDATE _retry r SET outcome = 'superseded',
        note = aside.file || coalesce(' [' || aside.sheet || ']', '') || coalesce(':' || aside.line, '')
      FROM aside WHERE aside.id = r.quarantine_id RETURNING r.quarantine_id
    )
    SELECT count(*)::int AS n FROM aside`.execute(trx);
  return rows[0]!.n;
}
