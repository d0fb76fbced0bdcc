import { basename, resolve } from 'node:path';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { guessBlock } from '../guess/guess-block.ts';
import { initProject, type InitReport } from '../setup/init.ts';
import { jsonText } from './json.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type InitOptions = CommonOptions & { readonly from?: string };

export async function action(world: World, options: InitOptions, folder?: string): Promise<ExitCode> {
  const guessed = options.from === undefined ? null : await guessFrom(world, options.from);
  if (guessed && folder === undefined) return printBlock(world, options, guessed);
  const report = await initProject(folder ?? '.', guessed?.text ?? null);
  if (options.json) world.stdout.write(jsonText({ ...report, dataset: guessed?.name ?? null }));
  else if (!options.quiet) world.stdout.write(initText(world, options, report));
  return exitCodes.done;
}

type Guessed = Awaited<ReturnType<typeof guessBlock>>;

function guessFrom(world: World, path: string): Promise<Guessed> {
  return guessBlock({ path: resolve(path), name: basename(path) }, world.signal);
}

function printBlock(world: World, options: InitOptions, { name, text, trial }: Guessed): ExitCode {
  const { read, rejected } = trial;
  if (options.json) {
    world.stdout.write(jsonText({ schema: 'projetus.init/1', dataset: name, block: text, rows: read, rejected }));
    return exitCodes.done;
  }
  world.stdout.write(text);
  const fate = `${(read - rejected).toLocaleString('en-US')} of ${read.toLocaleString('en-US')} rows load with it`;
  if (!options.quiet)
    world.stderr.write(`${fate}; put it under extraction.files of your configuration, indented by four blanks\n`);
  return exitCodes.done;
}

function initText(world: World, options: InitOptions, { folder, written, kept }: InitReport): string {
  const chalk = styleFor(world.stdout, world, options);
  const about = (name: string) => (meanings[name] === undefined ? name : `${name.padEnd(26)}${chalk.dim(meanings[name])}`);
  return [
    `${printable(folder)}:`,
    ...written.map((name) => `${chalk.green('+')} ${about(name)}`),
    ...kept.map((name) => `${chalk.yellow('=')} ${name.padEnd(26)}${chalk.dim('is there already, and stays as it is')}`),
    '',
    'Next:',
    `  put the files of a day into ${printable(folder)}/data/raw/YYYY-MM-DD/`,
    '  projetus validate   whether the configuration is right, and fits the files',
    '  projetus dry-run    what a run would do',
    '  projetus doctor     whether everything is ready for the daily job',
    '',
  ].join('\n');
}

const meanings: Readonly<Record<string, string>> = {
  'config.yaml': 'what is loaded, and where to',
  'config.schema.json': 'what editors know of config.yaml',
  '.env': 'your secrets; only you may read it',
  '.gitignore': 'keeps the secrets and the data out of git',
  'crontab.example': 'the daily job by cron',
  'systemd/projetus.service': 'the daily job by systemd,',
  'systemd/projetus.timer': 'and when it starts',
  Dockerfile: 'the job in a container',
  'railway.json': 'the daily job on Railway',
  'docker-compose.yml': 'a PostgreSQL to try it on',
};
