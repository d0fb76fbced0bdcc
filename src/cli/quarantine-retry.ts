import type { Command } from 'commander';
import type { ChalkInstance } from 'chalk';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import { retry } from '../retry/retry.ts';
import type { LeftReject, RetryReport } from '../retry/retry-report.ts';
import { pipelineVersion } from '../version.ts';
import { connect } from './connect.ts';
import { helpEnd } from './help.ts';
import { jsonText } from './json.ts';
import { addFilterOptions, filterOf, type FilterOptions } from './quarantine-options.ts';
import { errorText } from './show-run.ts';
import { printable, shorten, styleFor, table } from './style.ts';
import type { World } from './world.ts';

type RetryOptions = FilterOptions & { readonly from?: string; readonly force?: boolean };

export function addRetryCommand(quarantine: Command, world: World, end: (code: ExitCode) => void): void {
  addFilterOptions(
    quarantine
      .command('retry')
      .description('Try open rejects again under the configuration of now; those that pass are loaded and closed'),
  )
    .option('--from <file>', 'an export that came back corrected: its rows are tried')
    .option('--force', 'load a reject even when the table has a newer record with its key')
    .addHelpText(
      'after',
      helpEnd([
        'projetus quarantine retry',
        'projetus quarantine retry --from corrected.xlsx',
        'projetus quarantine retry --dataset NAME --code enum',
      ]),
    )
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<RetryOptions>();
      const report = await execute(world, options);
      show(world, options, report);
      end(report.exit_code);
    });
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
  else if (!options.quiet && !report.error)
    world.stdout.write(`${lines(report, styleFor(world.stdout, world, options)).join('\n')}\n`);
  if (report.error) world.stderr.write(errorText(report.error, styleFor(world.stderr, world, options)));
}

const columns = [
  'read',
  'inserted',
  'updated',
  'restored',
  'unchanged',
  'duplicate',
  'filtered',
  'rejected',
  'superseded',
] as const;
const shownLeft = 20;

function lines(report: RetryReport, chalk: ChalkInstance): string[] {
  const skipped = report.skipped.map(({ dataset, reason }) => `${dataset} was not tried: ${reason}`);
  if (report.datasets.length === 0) return [...skipped, 'There is no open reject to retry.'];
  const rows = report.datasets.map(({ name, counts }) => [name, ...columns.map((column) => String(counts[column]))]);
  const [head, ...body] = table([['dataset', 'tried', ...columns.slice(1)], ...rows], 1);
  const left = report.left.slice(0, shownLeft).map((reject) => leftLine(reject, chalk));
  const more = report.left.length - left.length;
  const closed = report.datasets.reduce((sum, { counts }) => sum + counts.read - counts.rejected - counts.superseded, 0);
  return [
    chalk.dim(head),
    ...body,
    '',
    ...(left.length > 0 ? [chalk.bold('Still open'), ...left] : []),
    ...(more > 0 ? [`  … and ${more} more; --json has them all`] : []),
    ...skipped,
    `${closed} rejects closed, ${report.left.length} still open (run ${report.run_id})`,
  ];
}

function leftLine({ id, file, sheet, row, errors, newer }: LeftReject, chalk: ChalkInstance): string {
  const place = `${chalk.cyan(`#${id}`)} ${printable(file)}${sheet === null ? '' : ` [${printable(sheet)}]`}:${row}`;
  if (newer !== null) return `  ${place}  the table has a newer record, from ${printable(newer)}; --force replaces it`;
  const reasons = errors.map(({ value, message, code }) => {
    const what = value === null || value === '' ? '' : `${chalk.yellow(`"${shorten(printable(value), 40)}"`)} `;
    return `${what}${printable(message)} ${chalk.dim(`[${code}]`)}`;
  });
  return `  ${place}  ${reasons.join('; ')}`;
}
