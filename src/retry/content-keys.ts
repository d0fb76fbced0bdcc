import { sql } from 'kysely';
import type { Load } from '../load/load.ts';
import type { Loading } from '../runs.ts';

/**
 * Files without a key: a row with the content of a stored record is one more of them and gets the next occurrence. Not
 * when the stored one is this very row, same file and same line, which a later run has read: that is no change.
 */
export async function numberContents(trx: Loading, load: Load): Promise<void> {
  const staged = sql.id(load.staging.records);
  const target = sql.id(load.dataset.name);
  // Numbered after what is stored first, since the second statement takes the numbers of stored rows.
  await sql`
    UPDATE ${staged} s SET _key = encode(s._hash, 'hex') || '|' || (split_part(s._key, '|', 2)::int + stored.last)
    FROM (
      SELECT t._hash, max(split_part(t._key, '|', 2)::int) AS last FROM ${target} t
      WHERE t._vanished_at IS NULL AND t._hash IN (SELECT _hash FROM ${staged}) GROUP BY 1
    ) stored
    WHERE stored._hash = s._hash`.execute(trx);
  await sql`
    UPDATE ${staged} s SET _key = t._key
    FROM ${target} t, extraction_logs te, _retry r, quarantine q, extraction_logs qe
    WHERE t._hash = s._hash AND t._vanished_at IS NULL AND te.id = t._source_id AND te.checksum = qe.checksum
      AND r.source_id = s._source_id AND r.row_number = s._row AND q.id = r.quarantine_id AND qe.id = q.source_id
      AND t._row = q.row_number AND NOT r.is_edited`.execute(trx);
}
