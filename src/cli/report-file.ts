import { rename, writeFile } from 'node:fs/promises';
import { parse, join } from 'node:path';
import { ProjetusError } from '../core/errors.ts';
import type { RunReport } from '../core/report.ts';
import { jsonText } from './json.ts';
import type { World } from './world.ts';

/** Writes the report beside its name and renames it: `report.json` becomes `report-20261122T121500.json`. */
export async function writeReport(world: World, out: string, report: RunReport): Promise<void> {
  const { dir, name, ext } = parse(out);
  const path = join(dir, `${name}-${report.started_at.slice(0, 19).replace(/[-:]/g, '')}${ext}`);
  try {
    await writeFile(`${path}.part`, jsonText(report), { mode: 0o600 });
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw new ProjetusError('usage', `The report cannot be written to ${path}: ${(cause as Error).message}`, {
      hint: 'name a file in a folder that exists and is writable',
      file: path,
      cause,
    });
  }
  world.stderr.write(`report written to ${path}\n`);
}
