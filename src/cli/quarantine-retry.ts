import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import { retry } from '../retry/retry.ts';
import type { RetryReport } from '../retry/retry-report.ts';
import { pipelineVersion } from '../version.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { filterOf, type FilterOptions } from './quarantine-filter.ts';
import { retryText } from './show-retry.ts';
import { errorText } from './show-run.ts';
import { styleFor } from './style.ts';
import type { World } from './world.ts';

type RetryOptions = FilterOptions & { readonly from?: string; readonly force?: boolean };

export async function action(world: World, options: RetryOptions): Promise<ExitCode> {
  const report = await execute(world, options);
  show(world, options, report);
  return report.exit_code;
}

async function execute(world: World, options: RetryOptions): Promise<RetryReport> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const filter = filterOf(options, config);
  if (options.from !== undefined && filter.runs.length + filter.codes.length > 0) {
    throw new ProjetusError('usage', 'With --from the file says which rejects are tried.', {
      hint: 'leave --run and --code out',
    });
  }
  await using database = await connect(world, config);
  return await retry(database, {
    config,
    filter,
    from: options.from ?? null,
    force: Boolean(options.force),
    pipelineVersion: await pipelineVersion(world.env),
    clock: world.clock,
    random: world.random(),
    host: world.host,
    signal: world.signal,
  });
}

function show(world: World, options: RetryOptions, report: RetryReport): void {
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet && !report.error) world.stdout.write(retryText(report, styleFor(world.stdout, world, options)));
  if (report.error) world.stderr.write(errorText(report.error, styleFor(world.stderr, world, options)));
}
