import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashCompletion } from '../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../src/cli/completion/fish.ts';
import { completionTree, type CompletionNode } from '../../src/cli/completion/tree.ts';
import { zshCompletion } from '../../src/cli/completion/zsh.ts';
import { everyCommand, programIn } from './every-command.ts';

const run = promisify(execFile);
const program = programIn([]);
const tree = completionTree(program);

type Shell = 'bash' | 'zsh' | 'fish';
const scripts: Record<Shell, (nodes: readonly CompletionNode[]) => string> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** What somebody has typed when the tab key is pressed, and what must be and must not be offered. */
const cases = [
  { typed: ['li'], offered: ['lineage'], not: ['run', '--json'] },
  { typed: ['lineage', ''], offered: ['show', 'run', 'file', 'prune'], not: ['retry', 'doctor'] },
  { typed: ['--config', 'other.yaml', 'runs', ''], offered: ['list', 'show', 'undo'], not: ['doctor'] },
  { typed: ['run', '--d'], offered: ['--dataset', '--date', '--dry-run'], not: ['--json', 'doctor'] },
  { typed: ['lineage', 'show', '--js'], offered: ['--json'], not: ['show'] },
  { typed: ['reconcile', '--level', ''], offered: ['counts', 'keys', 'content'], not: ['--json', 'run'] },
  { typed: ['completion', ''], offered: ['bash', 'zsh', 'fish'], not: ['run'] },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'projetus-completion-'));
  for (const shell of ['bash', 'zsh', 'fish'] as const) await writeFile(join(folder, shell), scripts[shell](tree));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the completion', () => {
  it('knows every command and option of the program', () => {
    const all = everyCommand(program).map(({ words }) => (words === '' ? '' : ` ${words}`));
    expect(tree.map(({ path }) => path).toSorted()).toEqual(all.toSorted());
    const options = new Set(tree.flatMap((node) => node.options.flatMap(({ flags }) => flags)));
    for (const { command } of everyCommand(program)) for (const { long } of command.options) expect(options).toContain(long);
  });

  it.each(['bash', 'zsh', 'fish'] as const)('for %s names every command and option', (shell) => {
    const script = scripts[shell](tree);
    for (const node of tree) {
      for (const { name } of node.commands) expect(script).toContain(name);
      for (const { flags } of node.options)
        for (const flag of flags) expect(script).toContain(shell === 'fish' ? flag.slice(2) : flag);
    }
  });
});

/** How each shell is asked, by words in its arguments, for what it would offer: one a line. */
const questions: Record<Shell, string> = {
  bash: 'source "$0"; COMP_WORDS=(projetus "$@"); COMP_CWORD=$#; _projetus; printf "%s\\n" "${COMPREPLY[@]}"',
  // Its completion works in an interactive line only: what would be offered is caught where it is added.
  zsh: `compdef() { :; }
    _files() { print -r -- FILES; }
    compadd() { shift; print -rl -- "$@"; }
    _describe() { [[ $1 == -o ]] && shift; local -a names; names=("\${(@P)2}"); names=("\${(@)names%%:*}"); print -rl -- "\${(@M)names:#$PREFIX*}"; }
    source "$0"; words=(projetus "$@"); CURRENT=\${#words}; PREFIX=\${words[-1]}; _projetus`,
  fish: 'source $argv[1]; complete -C "projetus $argv[2..-1]" | string replace -r "\\t.*" ""; true',
};

async function offers(shell: Shell, typed: readonly string[]): Promise<string[]> {
  const script = join(folder, shell);
  const args = { bash: ['--norc', '-c'], zsh: ['-f', '-c'], fish: ['--no-config', '-c'] }[shell];
  const { stdout, stderr } = await run(shell, [...args, questions[shell], script, ...typed], {
    env: { ...process.env, HOME: folder },
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

function isInstalled(shell: Shell): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, shell)));
}

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  describe.skipIf(!isInstalled(shell))(`${shell}, with its completion sourced,`, () => {
    it.each(cases)('offers $offered behind $typed', async ({ typed, offered, not }) => {
      const words = await offers(shell, typed);
      expect(words).toEqual(expect.arrayContaining(offered));
      for (const word of not) expect(words).not.toContain(word);
    });

    it('leaves file names to the shell where a value has no choices', async () => {
      const words = await offers(shell, ['run', '--out', '']);
      expect(words).not.toContain('--json');
      expect(words).not.toContain('run');
    });
  });
}
