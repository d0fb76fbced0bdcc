import { format } from 'prettier';
import { expectation, type JsonSchema } from '../src/config/json-schema.ts';

/** Where the reference is kept, below the root. */
export const referenceFile = 'docs/configuration.md';

/** The reference of the configuration, as Markdown: a section for each block of `schema`, in its order. */
export async function referenceText(schema: JsonSchema): Promise<string> {
  const text = [
    '# Configuration',
    'Every key of `config.yaml`. This file is made from the schema by `npm run reference`, and a test compares the two; the [README](../README.md#your-own-files) says how to begin, and the shipped [config.yaml](../config.yaml) shows most of it at work.',
    '`${NAME}` in a value is taken from the environment, or from a file `.env` beside the configuration; `${NAME:-x}` is `x` where it is not set. A default with `${NAME}` and nothing behind it is absent without the variable. A secret may lie in a file: `NAME_FILE=/run/secrets/name`. Unknown keys and wrong values are refused, with line and column.',
    ...sections('', schema),
  ].join('\n\n');
  return format(text, { parser: 'markdown' });
}

/** A block's section, and those of the blocks in it. */
function sections(path: string, schema: JsonSchema): string[] {
  const properties = Object.entries(schema.properties ?? {});
  const own = path === '' ? [] : [`## ${path}`, schema.description ?? ''];
  const needed = [...(schema.required ?? []), ...(schema.then?.required ?? [])];
  const rows = properties.map(([key, value]) => {
    const demand = !needed.includes(key) ? '' : schema.then?.required?.includes(key) ? 'required when enabled' : 'required';
    return row([code(key), value.description ?? '', wanted(path, key, value), defaultOf(value, demand)]);
  });
  const table = [row(['key', 'what it says', 'value', 'default']), row(['---', '---', '---', '---']), ...rows].join('\n');
  const inner = properties.flatMap(([key, value]) => {
    const block = blockOf(key, value);
    return block === null ? [] : sections(path === '' ? block.name : `${path}.${block.name}`, block.schema);
  });
  return [...own, table, ...inner];
}

/** The keys that a value has itself, and what it is called: a block, each item of a list, or each entry of a mapping. */
function blockOf(key: string, schema: JsonSchema): { readonly name: string; readonly schema: JsonSchema } | null {
  const entries = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null;
  if (schema.properties !== undefined) return { name: key, schema };
  if (schema.items?.properties !== undefined) return { name: `${key}[]`, schema: describedBy(schema, schema.items) };
  if (entries?.properties !== undefined) return { name: `${key}.NAME`, schema: describedBy(schema, entries) };
  return null;
}

function describedBy(outer: JsonSchema, inner: JsonSchema): JsonSchema {
  return { ...inner, description: inner.description ?? outer.description ?? '' };
}

function wanted(path: string, key: string, schema: JsonSchema): string {
  const block = blockOf(key, schema);
  if (block === null) return escaped(inWords(schema));
  const title = path === '' ? block.name : `${path}.${block.name}`;
  // As GitHub makes anchors of headings: small letters, without punctuation.
  return `[${title}](#${title.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '')})`;
}

/** As an error message says it, and what a list is of. */
function inWords(schema: JsonSchema): string {
  if (schema.title !== undefined || schema.items === undefined) return expectation(schema);
  return `${expectation(schema)}; each ${expectation(schema.items)}`;
}

function defaultOf({ default: value, type }: JsonSchema, demand: string): string {
  if (demand !== '') return demand;
  if (value === undefined || type === 'object') return '';
  return code(typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', '));
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('_', '\\_').replaceAll('<', '&lt;');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
