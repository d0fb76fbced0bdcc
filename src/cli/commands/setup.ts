import { Argument, type Command } from 'commander';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';

/** The commands that stand before the first run. */
export function addSetupCommands(program: Command, defer: Defer): void {
  for (const add of [addInit, addValidate, addDoctor, addSchema, addCompletion]) add(program, defer);
}

function addInit(program: Command, defer: Defer): void {
  program
    .command('init')
    .argument('[folder]', 'where to; it is made when it is not there (default: this one)')
    .description('Begin a project: configuration, .env, and what a cron, systemd, a container or Railway need to start it daily')
    .option('--from <file>', 'guess a dataset from this file; without a folder the block is only printed')
    .addHelpText(
      'before',
      examplesFirst([
        'projetus init',
        'projetus init /srv/projetus',
        'projetus init --from FILE.csv',
        'projetus init . --from FILE.xlsx',
      ]),
    )
    .action(defer(() => import('../init.ts')));
}

function addValidate(program: Command, defer: Defer): void {
  program
    .command('validate')
    .description('Check the configuration, and today’s files against it; no database is needed')
    .addHelpText('before', examplesFirst(['projetus validate', 'projetus validate --config other.yaml --json']))
    .action(defer(() => import('../validate.ts')));
}

function addDoctor(program: Command, defer: Defer): void {
  program
    .command('doctor')
    .description('Look whether everything is ready for the daily job, and say how to mend what is not; changes and sends nothing')
    .addHelpText('before', examplesFirst(['projetus doctor', 'projetus doctor --quiet', 'projetus doctor --json']))
    .action(defer(() => import('../doctor.ts')));
}

function addSchema(program: Command, defer: Defer): void {
  program
    .command('schema')
    .description('Print the JSON Schema of the configuration, for editors')
    .addHelpText('before', examplesFirst(['projetus schema > config.schema.json']))
    .action(defer(() => import('../schema.ts')));
}

function addCompletion(program: Command, defer: Defer): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell that is to complete').choices(['bash', 'zsh', 'fish']))
    .description('Print a script with which a shell completes commands and options')
    .addHelpText(
      'before',
      examplesFirst([
        'source <(projetus completion bash)   # in ~/.bashrc',
        'source <(projetus completion zsh)    # in ~/.zshrc, behind compinit',
        'projetus completion fish | source    # in ~/.config/fish/config.fish',
      ]),
    )
    .action(defer(async () => (await import('../completion.ts')).completionOf(program)));
}
