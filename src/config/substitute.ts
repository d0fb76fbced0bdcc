import { coerce } from './coerce.ts';
import type { Lookup } from './environment.ts';
import { schemaOf, type JsonSchema } from './json-schema.ts';
import type { Path } from './path.ts';
import type { Problem } from './problems.ts';

export type MissingVariable = { readonly path: Path; readonly name: string; readonly reason: string };

/** What a substitution leaves behind, for one error about all of it. */
export type Findings = {
  readonly missing: MissingVariable[];
  readonly problems: Problem[];
  /** Every value that came from the environment, and the name that stands for it in messages. */
  readonly values: Map<string, string>;
};

export type Substitution = {
  readonly lookup: Lookup;
  readonly findings: Findings;
};

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}`. */
const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([-?])([^{}]*))?\}/g;

/** True when a text is one reference and nothing else. */
export function isReference(text: string): boolean {
  return text.replace(reference, '') === '' && text.match(reference)?.length === 1;
}

/** The names in a text, without their defaults: `${NAME} ${OTHER}`. */
export function referencesIn(text: string): string {
  return Array.from(text.matchAll(reference), (match) => `\${${match[1]}}`).join(' ');
}

/**
 * Replaces references in every text of a tree. A value that is wholly one is coerced to its schema's type; one that
 * becomes empty is left out, as if it had not been written. What lies in a channel that is not enabled may be missing.
 */
export function substitute(tree: unknown, schema: JsonSchema, substitution: Substitution): unknown {
  return visit(tree, schema, [], substitution, false);
}

/** The same for a schema's default: variables that are missing are no finding, the key stays absent. */
export function substituteDefault(text: string, schema: JsonSchema, path: Path, substitution: Substitution): unknown {
  return visitText(text, schema, path, substitution, true);
}

function visit(node: unknown, schema: JsonSchema | null, path: Path, substitution: Substitution, isOptional: boolean): unknown {
  if (typeof node === 'string') return visitText(node, schema, path, substitution, isOptional);
  if (typeof node !== 'object' || node === null) return node;
  const child = (value: unknown, step: string | number, optional: boolean) =>
    visit(value, schemaOf(schema, step), [...path, step], substitution, optional);
  if (Array.isArray(node)) {
    return node.map((item, index) => child(item, index, isOptional)).filter((item) => item !== undefined);
  }
  const mapping: Record<string, unknown> = { ...node };
  const enabled = isChannel(path, schema) ? (child(mapping['enabled'], 'enabled', isOptional) ?? false) : true;
  const entries = Object.keys(mapping).map((key) => {
    if (key === 'enabled' && isChannel(path, schema)) return [key, enabled];
    return [key, child(mapping[key], key, isOptional || enabled === false)];
  });
  // fromEntries defines properties: a key named __proto__ stays a key, and is refused as unknown.
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function isChannel(path: Path, schema: JsonSchema | null): boolean {
  return path[0] === 'alerting' && path.length === 2 && schemaOf(schema, 'enabled') !== null;
}

function visitText(
  text: string,
  schema: JsonSchema | null,
  path: Path,
  { lookup, findings }: Substitution,
  isOptional: boolean,
): unknown {
  if (!text.includes('${')) return text;
  if (text.replace(reference, '').includes('${')) {
    findings.problems.push({
      path,
      at: 'value',
      message: 'a substitution is written ${NAME}, ${NAME:-default} or ${NAME:?message}',
    });
    return undefined;
  }
  let isMissing = false;
  const replaced = text.replace(reference, (_, name: string, operator?: string, operand?: string) => {
    const found = lookup(name);
    if ('value' in found) {
      findings.values.set(found.value, `\${${name}}`);
      return found.value;
    }
    if (operator === '-') return operand ?? '';
    isMissing = true;
    const wish = operator === '?' && operand !== undefined && operand !== '' ? `: ${operand}` : '';
    if (!isOptional) findings.missing.push({ path, name, reason: found.reason + wish });
    return '';
  });
  if (isMissing) return undefined;
  if (!isReference(text)) return replaced;
  return replaced === '' ? undefined : coerce(replaced, schema);
}
