import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import { undoRun, type UndoJob } from '../undo/undo-run.ts';
import { pipelineVersion } from '../version.ts';
import { confirmation } from './confirmation.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { undoText } from './show-undo.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type UndoOptions = CommonOptions & { readonly dryRun?: boolean; readonly yes?: boolean };

export async function action(world: World, options: UndoOptions, id: string): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const version = await pipelineVersion(world.env);
  const report = await undoRun(database, {
    run: id,
    isDryRun: Boolean(options.dryRun),
    datasets: config.extraction.datasets,
    configHash: config.hash,
    keepsLineage: config.lineage.enabled,
    pipelineVersion: config.lineage.trackPipelineVersion ? version : 'untracked',
    clock: world.clock,
    random: world.random(),
    host: world.host,
    signal: world.signal,
    confirm: options.yes || options.json ? null : askFirst(world),
  });
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet) world.stdout.write(undoText(report, styleFor(world.stdout, world, options)));
  return report.exit_code;
}

function askFirst(world: World): UndoJob['confirm'] {
  const ask = confirmation(world);
  return (
    ask &&
    (async (run) => {
      if (await ask(`Undo run ${run.id} of ${run.started_at.toISOString()} (${run.datasets.join(', ')})?`)) return;
      throw new ProjetusError('declined', 'Nothing was undone.', { hint: 'add --yes to undo without the question' });
    })
  );
}
