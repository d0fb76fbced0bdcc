import { ProjetusError } from '../core/errors.ts';
import { guards, type Acceptance } from '../core/guard.ts';
import { nearest } from '../core/names.ts';

/** The values of `--accept`, `GUARD:NAME` each. Throws `usage` for what names no guard or no dataset. */
export function acceptances(values: readonly string[], datasets: readonly { readonly name: string }[]): Acceptance[] {
  const names = datasets.map(({ name }) => name);
  return values.map((value) => {
    const [guardName = '', ...rest] = value.split(':');
    const guard = known(guardName, guards, value, 'guard');
    return { guard, dataset: known(rest.join(':'), names, value, 'dataset') };
  });
}

function known<Name extends string>(name: string, names: readonly Name[], value: string, what: string): Name {
  const found = names.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  const near = nearest(name, names);
  throw new ProjetusError('usage', `--accept ${value}: there is no ${what} ${name === '' ? 'in it' : name}.`, {
    hint: `write GUARD:NAME; ${near ? `did you mean ${near}?` : `the ${what}s are: ${names.join(', ')}`}`,
  });
}
