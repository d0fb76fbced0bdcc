import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { dayIn, isDay } from '../core/business-date.ts';
import { ProjetusError } from '../core/errors.ts';
import { worstExitCode, type ExitCode } from '../core/exit-codes.ts';
import type { DownloadReport, ErrorReport, SentinelReport } from '../core/report.ts';
import { fetchFiles, type Fetched } from '../fetch/fetch-files.ts';
import { patience } from '../fetch/fetching.ts';
import { errorReport } from '../run/examined.ts';
import { selectDatasets } from '../run/order.ts';
import { pipelineVersion } from '../version.ts';
import { jsonText } from './json.ts';
import { networkOf } from './network.ts';
import { progressLine } from './progress.ts';
import { downloadLines, downloadLog } from './show-downloads.ts';
import { errorText } from './show-run.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type FetchOptions = CommonOptions & { readonly dataset?: readonly string[]; readonly date?: string };

/** `fetch --json`. A contract: only ever extended. */
type FetchReport = {
  schema: 'projetus.fetch/1';
  status: 'success' | 'failed';
  exit_code: ExitCode;
  business_date: string;
  folder: string;
  downloads: readonly DownloadReport[];
  sentinel: SentinelReport | null;
  /** The worst of those of the downloads. */
  error: ErrorReport | null;
};

export async function action(world: World, options: FetchOptions): Promise<ExitCode> {
  if (options.date !== undefined && !isDay(options.date)) {
    throw new ProjetusError('usage', `--date ${options.date} is not a day.`, {
      hint: 'write it as YYYY-MM-DD, such as 2026-11-22',
    });
  }
  const config = await loadConfig({ path: options.config, env: world.env });
  const day = options.date ?? dayIn(config.extraction.timezone, world.clock());
  const report = reportOf(config, day, await fetchDay(world, options, config, day));
  show(world, options, report);
  return report.exit_code;
}

async function fetchDay(world: World, options: FetchOptions, { extraction }: Config, day: string): Promise<Fetched> {
  const datasets = selectDatasets(extraction.datasets, options.dataset ?? []);
  if (datasets.every(({ url }) => url === null)) {
    throw new ProjetusError(
      'usage',
      `There is nothing to fetch: no "url" is set for ${datasets.map(({ name }) => name).join(', ')}.`,
      {
        hint: 'add url: https://… to the datasets in the configuration',
      },
    );
  }
  const line = progressLine(world.stderr, world.clock, Boolean(world.stderr.isTTY) && !options.quiet && !options.json);
  const { clock, host, signal } = world;
  const about = { clock, host, signal, network: networkOf(world, await pipelineVersion(world.env)), fetching: patience };
  try {
    return await fetchFiles({ ...about, extraction, datasets, day, isPreview: false, onProgress: line.show });
  } finally {
    line.clear();
  }
}

function reportOf({ extraction }: Config, business_date: string, { downloads, sentinel, failures }: Fetched): FetchReport {
  const errors = [...failures.values()];
  const exit_code = worstExitCode(errors.map((error) => error.exitCode));
  const worst = errors.find((error) => error.exitCode === exit_code);
  const folder = join(extraction.rawDir, business_date);
  const said = { business_date, folder, downloads, sentinel, error: worst ? errorReport(worst) : null };
  return { schema: 'projetus.fetch/1', status: worst ? 'failed' : 'success', exit_code, ...said };
}

function show(world: World, options: FetchOptions, report: FetchReport): void {
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet || report.error) {
    const { downloads, sentinel } = report;
    const lines = world.stdout.isTTY
      ? downloadLines(downloads, sentinel, styleFor(world.stdout, world, options))
      : downloadLog(downloads);
    world.stdout.write(`${lines.join('\n').trimEnd()}\n`);
  }
  for (const error of toldErrors(report)) world.stderr.write(errorText(error, styleFor(world.stderr, world, options)));
}

/** Each once: one sentinel may have failed them all. */
function toldErrors({ downloads }: FetchReport): ErrorReport[] {
  const errors = downloads.flatMap(({ error }) => error ?? []);
  return errors.filter((error, index) => errors.findIndex(({ message }) => message === error.message) === index);
}
