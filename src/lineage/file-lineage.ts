import { sql, type Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Tables } from '../db/tables.ts';

/** `lineage file --json`. A contract: only ever extended. */
export type FileLineageReport = {
  schema: 'projetus.lineage-file/1';
  sha256: string;
  /** Whether any run that is still logged has read it. */
  known: boolean;
  /** The newest first. */
  runs: FileInRun[];
  datasets: { name: string; entity: string; records: number }[];
};

export type FileInRun = {
  run_id: string;
  run_status: string | null;
  at: string;
  dataset: string;
  source_file: string;
  path: string;
  sheet: string | null;
  rows: number | null;
  /** What became of it: loaded, unchanged, held, failed, …; `undo`: an undo brought its values back. */
  status: string;
};

/** Which runs read a file, and how many live records of each dataset have their values from it. */
export async function fileLineage(db: Kysely<Tables>, sha256: string): Promise<FileLineageReport> {
  const { rows } = await sql<LoggedFile>`
    SELECT e.id::text AS id, e.run_id, r.status AS run_status, e.extraction_timestamp AS read_at, e.dataset, e.source_file, e.path,
      e.sheet, (e.row_counts ->> 'rows')::int AS rows, e.status, coalesce(d.entity, e.dataset) AS entity,
      to_regclass(quote_ident(e.dataset)) IS NOT NULL AS there
    FROM extraction_logs e LEFT JOIN runs r ON r.id = e.run_id LEFT JOIN datasets d ON d.name = e.dataset
    WHERE e.checksum = ${sha256} ORDER BY e.extraction_timestamp DESC, e.id DESC`.execute(db);
  const datasets: FileLineageReport['datasets'] = [];
  for (const name of new Set(rows.filter(({ there }) => there).map(({ dataset }) => dataset))) {
    const own = rows.filter(({ dataset }) => dataset === name);
    const found = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM ${sql.id(name)}
      WHERE _source_id = ANY (${own.map(({ id }) => id)}::bigint[]) AND _vanished_at IS NULL`.execute(db);
    datasets.push({ name, entity: own[0]!.entity, records: found.rows[0]!.n });
  }
  return { schema: 'projetus.lineage-file/1', sha256, known: rows.length > 0, runs: rows.map(fileInRun), datasets };
}

type LoggedFile = Omit<FileInRun, 'at'> & { id: string; entity: string; there: boolean; read_at: Date };

function fileInRun({ run_id, run_status, read_at, dataset, source_file, path, sheet, rows, status }: LoggedFile): FileInRun {
  return { run_id, run_status, at: read_at.toISOString(), dataset, source_file, path, sheet, rows, status };
}

/** How many candidates are named when the beginning of a checksum fits several files. */
const shownCandidates = 5;

/** The checksum that begins so, of a file that some run has read; null when there is none. Throws `usage` for several. */
export async function checksumFrom(db: Kysely<Tables>, prefix: string): Promise<string | null> {
  const { rows } = await sql<{ checksum: string; name: string }>`
    SELECT checksum::text AS checksum, max(source_file) AS name FROM extraction_logs
    WHERE starts_with(checksum::text, ${prefix.toLowerCase()}) GROUP BY 1 ORDER BY 1 LIMIT ${shownCandidates}`.execute(db);
  if (rows.length <= 1) return rows[0]?.checksum ?? null;
  throw new ProjetusError('usage', `The checksums of several files begin with ${prefix}.`, {
    hint: `write more of it: ${rows.map(({ checksum, name }) => `${checksum.slice(0, 16)} (${name})`).join(', ')}`,
  });
}
