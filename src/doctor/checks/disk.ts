import { exitCodes } from '../../core/exit-codes.ts';
import { checkDisk as diskHealth } from '../../health/checks/disk.ts';
import { diskSpace } from '../../health/disk-space.ts';
import { fail, ok, warn, type Finding, type Patient } from '../finding.ts';

/** Judged as `health` judges it. */
export async function checkDisk({ config }: Patient): Promise<Finding> {
  const { name, status, message } = diskHealth({ config, disk: await diskSpace(config.extraction.rawDir) });
  const [what, fix] = message.split(/: (?=[^:]*$)/);
  if (status === 'ok') return ok(name, message);
  if (status === 'warn') return warn(name, what!, fix ?? 'free some space');
  return fail(name, what!, fix ?? 'free some space', exitCodes.unavailable);
}
