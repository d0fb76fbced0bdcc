import { sql, type Kysely } from 'kysely';
import { ProjetusError } from './core/errors.ts';
import type { Counts } from './core/report.ts';
import type { RunStatus, Tables } from './db/tables.ts';

/** `runs list --json`. A contract: only ever extended. */
export type RunsReport = { schema: 'projetus.runs/1'; runs: LoggedRun[] };

export type LoggedRun = {
  id: string;
  /** `run` for what loads files; `undo` and others say what they are in their report. */
  mode: string;
  status: RunStatus;
  business_date: string;
  started_at: string;
  finished_at: string | null;
  exit_code: number | null;
  pipeline_version: string;
  datasets: { name: string; status: string | null; counts: Partial<Counts> | null }[];
};

/** A run as it is stored. `report` is the document that it printed; null while it runs, and for ever when it died. */
export type StoredRun = {
  readonly id: string;
  readonly status: RunStatus;
  readonly business_date: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly pipeline_version: string;
  readonly exit_code: number | null;
  readonly datasets: readonly string[];
  readonly report: Readonly<Record<string, unknown>> | null;
};

/** The newest runs first. */
export async function listRuns(db: Kysely<Tables>, limit: number): Promise<RunsReport> {
  const rows = await runColumns(db).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return { schema: 'projetus.runs/1', runs: rows.map(loggedRun) };
}

/** How many candidates are named when the beginning of an id fits several runs. */
const shownCandidates = 5;

/** The run whose id is `id` or begins with it. Throws `usage` when there is none, or several. */
export async function findRun(db: Kysely<Tables>, id: string): Promise<StoredRun> {
  const rows = await runColumns(db)
    .where(sql<boolean>`starts_with(id, ${id})`)
    .orderBy('id')
    .limit(shownCandidates + 1)
    .execute();
  const found = rows.find((row) => row.id === id) ?? (rows.length === 1 ? rows[0] : undefined);
  if (found && id !== '') return found;
  if (rows.length === 0 || id === '') throw unknownRun(id);
  const names = rows.slice(0, shownCandidates).map((row) => row.id);
  throw new ProjetusError('usage', `Several runs begin with ${id}.`, {
    hint: `write more of its id: ${names.join(', ')}${rows.length > shownCandidates ? ', …' : ''}`,
  });
}

export function unknownRun(id: string): ProjetusError {
  return new ProjetusError('usage', `There is no run ${id}.`, { hint: 'projetus runs list shows the runs' });
}

function runColumns(db: Kysely<Tables>) {
  return db
    .selectFrom('runs')
    .select(['id', 'status', 'started_at', 'finished_at', 'pipeline_version', 'exit_code', 'datasets', 'report'])
    .select(sql<string>`business_date::text`.as('business_date'))
    .$castTo<StoredRun>();
}

function loggedRun(run: StoredRun): LoggedRun {
  const mode = run.report?.['mode'];
  return {
    id: run.id,
    mode: typeof mode === 'string' ? mode : 'run',
    status: run.status,
    business_date: run.business_date,
    started_at: run.started_at.toISOString(),
    finished_at: run.finished_at?.toISOString() ?? null,
    exit_code: run.exit_code,
    pipeline_version: run.pipeline_version,
    datasets: loggedDatasets(run),
  };
}

/** What the report says of each dataset; their names alone where there is no report. */
function loggedDatasets(run: StoredRun): LoggedRun['datasets'] {
  const reported = run.report?.['datasets'];
  if (!Array.isArray(reported) || reported.length === 0)
    return run.datasets.map((name) => ({ name, status: null, counts: null }));
  return (reported as { name: string; status?: string; counts?: Partial<Counts> | null }[]).map((dataset) => ({
    name: dataset.name,
    status: dataset.status ?? null,
    counts: dataset.counts ?? null,
  }));
}

/**
 * Runs that are undone, and by which run: as things stand, or as if the undo `now` had ended. An undo that was itself
 * undone does not count.
 */
export async function undoneRuns(
  db: Kysely<Tables>,
  now: { readonly id: string; readonly undoes: string } | null = null,
): Promise<ReadonlyMap<string, string>> {
  const undos = await db
    .selectFrom('runs')
    .select(['id', sql<string>`report->>'undoes'`.as('undoes')])
    .where(sql<boolean>`report->>'undoes' IS NOT NULL`)
    // An undo that found nothing to take back undid nothing.
    .where('status', '=', 'success')
    .orderBy('started_at', 'desc')
    .execute();
  const undone = new Map<string, string>(now ? [[now.undoes, now.id]] : []);
  // The newest first: whether an undo counts is known before its turn comes.
  for (const undo of undos) if (!undone.has(undo.id)) undone.set(undo.undoes, undo.id);
  return undone;
}
