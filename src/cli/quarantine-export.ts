import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { exportRejects, type Export } from '../quarantine/export.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { filterOf, type FilterOptions } from './quarantine-filter.ts';
import type { World } from './world.ts';

type ExportOptions = FilterOptions & { readonly force?: boolean };

export async function action(world: World, options: ExportOptions, file: string): Promise<ExitCode> {
  const { rejects, tables } = await write(world, options, file);
  const datasets = tables.map((table) => ({ dataset: table.dataset, columns: table.header.length, rejects: table.rejects }));
  if (options.json) world.stdout.write(jsonText({ schema: 'projetus.quarantine-export/1', file, rejects, tables: datasets }));
  else if (!options.quiet)
    world.stdout.write(`${rejects} rejects written to ${file}, readable by you alone: it holds personal data\n`);
  return exitCodes.done;
}

async function write(world: World, options: ExportOptions, file: string): Promise<Export> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const filter = filterOf(options, config);
  await using database = await connect(world, config);
  const written = await withOperationalTables(database, (db) => exportRejects(db, filter, file, Boolean(options.force)));
  if (written) return written;
  throw new ProjetusError('usage', 'The quarantine is empty; nothing was written.', { hint: 'projetus run fills it' });
}
