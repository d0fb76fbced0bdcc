import { sql } from 'kysely';

/** Of a row of `runs`: neither an undo nor a retry. A run that is at work, or has died, has no report that says so. */
export const loadsFiles = sql<boolean>`coalesce(report->>'mode', 'run') = 'run'`;
