import { describe, expect, it } from 'vitest';
import { exitCodeMeanings } from '../../src/core/exit-codes.ts';
import { everyCommand, programIn } from './every-command.ts';

const printed: string[] = [];
const commands = everyCommand(programIn(printed));

describe('the help', () => {
  it('is there for all commands of the contract', () => {
    const names = commands.map(({ words }) => words);
    const promised = ['run', 'dry-run', 'reconcile', 'lineage show', 'lineage run', 'lineage file', 'lineage prune', 'health'];
    promised.push('quarantine list', 'quarantine show', 'quarantine export', 'quarantine retry', 'quarantine discard');
    promised.push('alerts test', 'alerts list', 'alerts ack', 'runs list', 'runs show', 'runs undo');
    promised.push('init', 'validate', 'doctor', 'schema', 'completion');
    expect(names).toEqual(expect.arrayContaining(promised));
  });

  it.each(commands)('of "$words" begins with examples of it, and ends with the exit codes', ({ words, command }) => {
    printed.length = 0;
    command.outputHelp();
    const text = printed.join('');
    const examples = text.slice(0, text.indexOf('Usage: '));
    const lines = examples.trimEnd().split('\n');
    expect(lines[0]).toBe('Examples:');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}(?:\w+=\S+ |source <\()?projetus(?: |$)/);
    // An example of a command is one of that very command, or of one below it.
    expect(examples).toContain(`projetus ${words}`.trimEnd());
    const codes = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
    expect(text.trimEnd().endsWith(`Exit codes:\n${codes.join('\n')}`)).toBe(true);
  });

  it.each(commands)('of "$words" describes it and every option and argument', ({ command }) => {
    expect(command.description()).not.toBe('');
    expect(command.options.filter(({ description }) => description === '').map(({ flags }) => flags)).toEqual([]);
    expect(command.registeredArguments.filter(({ description }) => description === '').map((one) => one.name())).toEqual([]);
  });

  it('shows only options that there are in its examples', () => {
    const unknown = commands.flatMap(({ words, command }) => {
      printed.length = 0;
      command.outputHelp();
      const examples = printed.join('').split('Usage: ')[0]!.split('\n').slice(1);
      const known = new Set(commands.flatMap((one) => one.command.options.map(({ long }) => long)));
      const used = examples.flatMap((line) => line.match(/(?<= )--[a-z-]+/g) ?? []);
      return used.filter((flag) => !known.has(flag)).map((flag) => `${words}: ${flag}`);
    });
    expect(unknown).toEqual([]);
  });
});
