/** Columns of ours, beside those of the record: the present version's lineage. */
export const ownColumns = [
  ['_hash', 'bytea NOT NULL'],
  ['_source_id', 'bigint NOT NULL'],
  ['_row', 'integer'],
  ['_raw', 'bytea'],
  ['_operation', "text NOT NULL DEFAULT 'insert'"],
  ['_changes', 'jsonb'],
  ['_vanished_at', 'timestamp with time zone'],
] as const;
