import { Ajv, type ErrorObject } from 'ajv';
import { nearest } from '../core/names.ts';
import type { ConfigFile } from './config-file.ts';
import { expectation, type JsonSchema } from './json-schema.ts';
import { pathText, valueAt, type Path } from './path.ts';
import type { Problem } from './problems.ts';
import { configSchema } from './schema.ts';
import { shownValue } from './shown-value.ts';

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  // It would want each `if` and `then` to repeat the type that stands beside them.
  strictTypes: false,
  // Every command waits for this: 106 ms with the check of the schema itself (a test makes it), 60 ms without.
  meta: false,
  validateSchema: false,
  code: { optimize: false },
});
const validate = ajv.compile<ConfigFile>(configSchema);

/** The tree as what the schema promises, or everything that is wrong with it. `written` is the tree before substitution. */
export function validateSchema(tree: unknown, written: unknown): { config: ConfigFile } | { problems: Problem[] } {
  if (validate(tree)) return { config: tree };
  return { problems: (validate.errors ?? []).flatMap((error) => problemOf(error, tree, written)) };
}

function problemOf(error: ErrorObject, tree: unknown, written: unknown): Problem[] {
  const path = pathOf(error.instancePath, tree);
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return [unknownKey(path, String(params['additionalProperty']), schema)];
    case 'required':
      return [missingKey(path, String(params['missingProperty']), written)];
    case 'propertyNames': {
      const name = String(params['propertyName']);
      return [{ path: [...path, name], at: 'key', message: `expected ${expectation(schema.propertyNames ?? {})}` }];
    }
    // `if` only says that `then` failed; an error with a propertyName is told by `propertyNames`.
    case 'if':
      return [];
    default:
      return error.propertyName === undefined ? [{ path, at: 'value', message: wrongValue(path, schema, written) }] : [];
  }
}

function unknownKey(path: Path, key: string, schema: JsonSchema): Problem {
  const known = Object.keys(schema.properties ?? {});
  const meant = nearest(key, known);
  const advice = meant === null ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return { path: [...path, key], at: 'key', message: `unknown key; ${advice}` };
}

function missingKey(path: Path, key: string, written: unknown): Problem {
  const isChannel = path[0] === 'alerting';
  const value = shownValue(written, [...path, key]);
  const lack = value === null ? `the key "${key}" is missing` : `"${key}" is empty`;
  return {
    path,
    at: path.length === 0 ? 'value' : 'key',
    message: isChannel ? `${lack}; a channel that is enabled needs it` : lack,
  };
}

function wrongValue(path: Path, schema: JsonSchema, written: unknown): string {
  const wanted = `expected ${expectation(schema)}`;
  const shown = shownValue(written, path);
  if (shown !== null) return `${wanted}, got ${shown}`;
  return path.length === 0 ? wanted : `${wanted}; the default of ${pathText(path)} comes from the environment`;
}

/** The steps of a JSON pointer; which of them are positions in lists is in the tree. */
function pathOf(pointer: string, tree: unknown): Path {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(valueAt(tree, path)) ? Number(step) : step);
  }
  return path;
}
