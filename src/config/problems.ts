import { ProjetusError } from '../core/errors.ts';
import { pathText, type Path } from './path.ts';
import type { Positions } from './positions.ts';

/** One thing that is wrong with the configuration. The message holds no value that came from the environment. */
export type Problem = {
  readonly path: Path;
  /** Whether the key itself is wrong, or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
};

/** More than a screen of problems helps nobody: the first ones explain the rest. */
const maxShown = 50;

/** One error for all problems, in the order of the file. */
export function invalidConfig(problems: readonly Problem[], positions: Positions, file: string): ProjetusError {
  const located = problems.map((problem) => ({ ...problem, ...positions.of(problem.path, problem.at) }));
  located.sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = located
    .slice(0, maxShown)
    .map(({ path, message, line, column }) => `${file}:${line}:${column}: ${pathText(path)}: ${message}`);
  if (located.length > maxShown) lines.push(`and ${located.length - maxShown} more`);
  const { line, column } = located[0] ?? { line: 1, column: 1 };
  return new ProjetusError('config-invalid', [...new Set(lines)].join('\n'), {
    hint: `correct ${file}; config.schema.json describes every key`,
    file,
    line,
    column,
  });
}
