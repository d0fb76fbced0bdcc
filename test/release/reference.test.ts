import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceFile, referenceText } from '../../release/reference.ts';
import type { JsonSchema } from '../../src/config/json-schema.ts';
import { configSchema } from '../../src/config/schema.ts';
import { root } from '../support/code-files.ts';

const text = await referenceText(configSchema);

/** Every key of the schema with the block that it stands in, as the reference calls it. */
function* keysOf(schema: JsonSchema, block = ''): Generator<{ block: string; key: string }> {
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    yield { block, key };
    const path = block === '' ? key : `${block}.${key}`;
    yield* keysOf(value, path);
    if (value.items !== undefined) yield* keysOf(value.items, `${path}[]`);
    if (typeof value.additionalProperties === 'object') yield* keysOf(value.additionalProperties, `${path}.NAME`);
  }
}

describe('the reference of the configuration', () => {
  it('is that of the present schema (npm run reference writes it)', async () => {
    expect(await readFile(join(root, referenceFile), 'utf8')).toBe(text);
  });

  it.each([...keysOf(configSchema)])('says what $block $key is', ({ block, key }) => {
    const section = text.split(/^## /m).find((part) => part.startsWith(block === '' ? '# ' : `${block}\n`))!;
    const line = section.split('\n').find((row) => row.startsWith(`| \`${key}\` `))!;
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    expect(cells[2], 'no description').not.toBe('');
    expect(cells[3], 'no value').not.toBe('');
  });

  it('leads to sections that are there', () => {
    const anchors = new Set(
      [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '')),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });
});
