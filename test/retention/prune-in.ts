import { prune, type PruneJob, type PruneReport } from '../../src/retention/prune.ts';
import type { Project } from '../support/project.ts';
import { databaseOf } from '../undo/undo-in.ts';

/** `projetus lineage prune` in this process, as of `at`. */
export async function pruneIn(project: Project, at: string, options: Partial<PruneJob> = {}): Promise<PruneReport> {
  await using database = await databaseOf(project);
  return await prune(database, {
    months: { history: 24, runs: 24, quarantine: 12 },
    fullSnapshots: ['obras'],
    isDryRun: false,
    clock: () => new Date(at),
    host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
    random: 'prune',
    ...options,
  });
}
