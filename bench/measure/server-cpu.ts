import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Clock ticks in a second: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/**
 * Seconds of CPU that the server's finished backends have used, from the postmaster's account of its children.
 * On a busy machine wall times stretch and these do not. Null where there is no /proc.
 */
export async function serverCpuSeconds(clusterFolder: string): Promise<number | null> {
  try {
    const pid = (await readFile(join(clusterFolder, 'data/postmaster.pid'), 'utf8')).split('\n')[0]!;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold blanks: the fields are counted behind it. 16 and 17 in proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
  } catch {
    return null;
  }
}
