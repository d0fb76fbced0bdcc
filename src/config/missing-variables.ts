import { ProjetusError } from '../core/errors.ts';
import { pathText } from './path.ts';
import type { Positions } from './positions.ts';
import type { MissingVariable } from './substitute.ts';

/** One error for all variables that the configuration names and nobody set. */
export function missingVariables(missing: readonly MissingVariable[], positions: Positions, file: string): ProjetusError {
  const located = missing.map((variable) => ({ ...variable, ...positions.of(variable.path, 'value') }));
  const names = [...new Set(missing.map(({ name }) => name))];
  const lines = located.map(
    ({ name, reason, path, line, column }) => `${file}:${line}:${column}: ${name} ${reason} (${pathText(path)})`,
  );
  const are =
    names.length === 1
      ? 'a variable that the configuration names has no value'
      : `${names.length} variables that the configuration names have no value`;
  return new ProjetusError('config-variable-missing', `${are}:\n${[...new Set(lines)].join('\n')}`, {
    hint: `set ${names.join(', ')} in the environment or in .env beside ${file}, or write a default: \${${names[0]}:-value}`,
    file,
    ...(located[0] === undefined ? {} : { line: located[0].line, column: located[0].column }),
  });
}
