import { migrationState } from '../../db/migrations.ts';
import { withTablesOfAnyVersion } from '../../runs.ts';
import { fail, failed, ok, type Connected, type Finding } from '../finding.ts';

const name = 'migrations';

/** Every run brings the operational tables up to date by itself; a database of a newer version it cannot use. */
export async function checkMigrations({ database }: Connected): Promise<Finding> {
  try {
    const compared = await withTablesOfAnyVersion(database, migrationState);
    if (compared === null) return ok(name, 'the tables of projetus are not there yet; the first run makes them');
    const { pending, unknown } = compared;
    if (unknown.length > 0)
      return fail(
        name,
        `the database has ${unknown.join(', ')}, which this version does not know`,
        'use the newer version that made it',
      );
    return ok(name, pending.length === 0 ? 'all are applied' : `${pending.join(', ')} pending; the next run applies them`);
  } catch (error) {
    return failed(name, error);
  }
}
