import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { exportRejects, type Export } from '../quarantine/export.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { helpEnd } from './help.ts';
import { jsonText } from './json.ts';
import { addFilterOptions, filterOf, statusOption, type FilterOptions } from './quarantine-options.ts';
import type { World } from './world.ts';

type ExportOptions = FilterOptions & { readonly force?: boolean };

export function addExportCommand(quarantine: Command, world: World, end: (code: ExitCode) => void): void {
  addFilterOptions(
    quarantine
      .command('export')
      .argument('<file>', 'a .csv or an .xlsx; .xlsx keeps zeros in front and long numbers when Excel opens it')
      .description('Write rejects to a file, cells as they were read, to be corrected and given back with retry --from'),
  )
    .addOption(statusOption())
    .option('--force', 'replace a file that exists')
    .addHelpText(
      'after',
      helpEnd(['projetus quarantine export rejects.xlsx', 'projetus quarantine export rejects.csv --dataset NAME']),
    )
    .action(async (file: string, _, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      const { rejects, tables } = await write(world, options, file);
      const datasets = tables.map((table) => ({ dataset: table.dataset, columns: table.header.length, rejects: table.rejects }));
      if (options.json) world.stdout.write(jsonText({ schema: 'projetus.quarantine-export/1', file, rejects, tables: datasets }));
      else if (!options.quiet)
        world.stdout.write(`${rejects} rejects written to ${file}, readable by you alone: it holds personal data\n`);
      end(exitCodes.done);
    });
}

async function write(world: World, options: ExportOptions, file: string): Promise<Export> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const filter = filterOf(options, config);
  await using database = await connect(world, config);
  const written = await withOperationalTables(database, (db) => exportRejects(db, filter, file, Boolean(options.force)));
  if (written) return written;
  throw new ProjetusError('usage', 'The quarantine is empty; nothing was written.', { hint: 'projetus run fills it' });
}
