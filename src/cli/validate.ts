import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { errorReport } from '../run/examined.ts';
import { todaysFiles, type FileFit, type TodaysFiles } from '../setup/todays-files.ts';
import { jsonText } from './json.ts';
import { errorText } from './show-run.ts';
import { styleFor } from './style.ts';
import { validText } from './show-validate.ts';
import type { ValidatedFile, ValidateReport } from './validate-report.ts';
import type { CommonOptions, World } from './world.ts';

export async function action(world: World, options: CommonOptions): Promise<ExitCode> {
  const report = await reportOf(world, options);
  const chalk = styleFor(world.stdout, world, options);
  if (options.json) world.stdout.write(jsonText(report));
  else if (!report.error && !(options.quiet && report.valid))
    world.stdout.write(validText(report, chalk, Boolean(options.verbose)));
  if (report.error) world.stderr.write(errorText(report.error, styleFor(world.stderr, world, options)));
  return report.exit_code;
}

async function reportOf(world: World, { config: path }: CommonOptions): Promise<ValidateReport> {
  try {
    const config = await loadConfig({ path, env: world.env });
    return checked(config, await todaysFiles(config, world.signal));
  } catch (error) {
    world.signal.throwIfAborted();
    if (!(error instanceof ProjetusError)) throw error;
    return refused(path, error);
  }
}

function checked(config: Config, today: TodaysFiles): ValidateReport {
  const datasets = today.datasets.map(({ dataset: { name, columns, key }, files }) => ({
    name,
    table: name,
    columns: columns.length,
    key,
    files: files.map(validatedFile),
  }));
  const valid = datasets.every(({ files }) => files.every(({ error }) => error === null));
  return {
    schema: 'projetus.validate/1',
    valid,
    exit_code: valid ? exitCodes.done : exitCodes.usage,
    config: config.path,
    config_hash: config.hash,
    folder: today.folder,
    datasets,
    unexpected_files: today.unexpected,
    inert: config.inert,
    error: null,
  };
}

function validatedFile(fit: FileFit): ValidatedFile {
  if (fit.error) return { file: fit.file, header_row: null, columns: null, error: errorReport(fit.error) };
  const { file, headerRow, mapped, unknown, missing } = fit;
  return { file, header_row: headerRow, columns: { mapped, unknown, missing }, error: null };
}

function refused(path: string, error: ProjetusError): ValidateReport {
  return {
    schema: 'projetus.validate/1',
    valid: false,
    exit_code: error.exitCode,
    config: path,
    config_hash: null,
    folder: null,
    datasets: [],
    unexpected_files: [],
    inert: [],
    error: errorReport(error),
  };
}
