import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/config/json-schema.ts';
import { configSchema } from '../../src/config/schema.ts';
import { schemaFileText } from '../../src/config/schema-file.ts';
import { parseYaml } from '../../src/config/yaml.ts';
import { loadText } from './load-text.ts';

const root = join(import.meta.dirname, '../..');

describe('config.schema.json', () => {
  it('is what the schema in the code says (npm run schema writes it)', () => {
    expect(readFileSync(join(root, 'config.schema.json'), 'utf8')).toBe(schemaFileText());
  });

  it.each(['contract.yaml', 'further-keys.yaml'])('accepts %s before substitution, as an editor sees it', (name) => {
    const validate = new Ajv({ allowUnionTypes: true, strictTypes: false }).compile(JSON.parse(schemaFileText()) as JsonSchema);
    const { value } = parseYaml(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'), name);
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
  });
});

describe('the schema', () => {
  it('is a valid JSON Schema', () => {
    expect(new Ajv().validateSchema(configSchema)).toBe(true);
  });

  it('describes every key', () => {
    const silent: string[] = [];
    const visit = (schema: JsonSchema, path: string) => {
      for (const [key, child] of Object.entries(schema.properties ?? {})) {
        if (child.description === undefined) silent.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      if (schema.items !== undefined) visit(schema.items, `${path}[]`);
      if (typeof schema.additionalProperties === 'object') visit(schema.additionalProperties, `${path}.*`);
    };
    visit(configSchema, '');
    expect(silent).toEqual([]);
  });

  const percent = fc.integer({ min: 0, max: 100 });
  const dataset = fc.record(
    {
      entity: fc.constantFrom('coisa', 'objeto'),
      match: fc.array(fc.constantFrom('*coisas*', 'coisa_*.csv'), { maxLength: 2 }),
      url: fc.constant('https://example.com/a.zip'),
      format: fc.record(
        {
          sheet: fc.constantFrom(1, 'Plan1'),
          member: fc.constantFrom(null, 'a.csv'),
          header_row: fc.constantFrom('auto', 3),
          delimiter: fc.constantFrom('auto', ';', '\t'),
          encoding: fc.constantFrom('auto', 'utf-8', 'windows-1252', 'utf-16le'),
          decimal: fc.constantFrom('auto', ',', '.'),
          footer: fc.constantFrom('auto', 'none'),
          null_values: fc.constant(['', 'N/A']),
        },
        { requiredKeys: [] },
      ),
      snapshot: fc.constantFrom('full', 'delta'),
      columns: fc.constant({ id: { type: 'integer' }, uf: { format: 'uf' }, valor: { type: 'decimal(18,2)', minimum: 0 } }),
      required_columns: fc.constantFrom(['id'], ['id', 'uf', 'valor']),
      unknown_columns: fc.constantFrom('ignore', 'text', 'fail'),
      distinct: fc.boolean(),
      duplicates: fc.constantFrom('reject', 'first', 'last'),
      max_rejected_percent: percent,
      on_vanish: fc.constantFrom('mark', 'delete', 'ignore'),
      max_vanished_percent: percent,
      expect: fc.record(
        { required: fc.boolean(), min_rows: percent, max_age_hours: fc.constantFrom(null, 24), must_change: fc.boolean() },
        { requiredKeys: [] },
      ),
      volume_tolerance_percent: fc.option(percent),
      on_volume_anomaly: fc.constantFrom('warn', 'hold', null),
      distribution: fc.constantFrom('key', 'reference'),
    },
    { requiredKeys: [] },
  );
  const key = fc.constantFrom({ key: ['id'], indexes: [['id']] }, { key: 'content' });
  const config = fc.record(
    {
      version: fc.constant(1),
      database: fc.oneof(
        fc.record({ url: fc.constant('postgres://u:p@h/d'), schema: fc.constant('dados') }, { requiredKeys: [] }),
        // The embedded database, which is the default, is one server.
        fc.record(
          {
            url: fc.constant('postgres://u:p@h/d'),
            schema: fc.constant('dados'),
            distribution: fc.constantFrom('none', 'citus'),
          },
          { requiredKeys: ['url'] },
        ),
      ),
      alerting: fc.record(
        {
          min_severity: fc.constantFrom('info', 'warning', 'critical'),
          repeat_hours: fc.constantFrom(1, 0.5),
          telegram: fc.constantFrom({ enabled: false }, { enabled: true, bot_token: 't', chat_id: -100 }),
          email: fc.constantFrom({}, { enabled: true, smtp_host: 'h', from: 'Nome <a@b.c>', to: ['a@b.c'], secure: true }),
          mailgun: fc.constant({
            enabled: true,
            api_key: 'k',
            domain: 'd',
            from: 'a@b.c',
            to: ['a@b.c'],
            region: 'eu',
            api_url: 'http://localhost:1',
          }),
          fallback: fc.subarray(['email', 'telegram', 'webhook'] as const),
        },
        { requiredKeys: [] },
      ),
      monitoring: fc.record(
        { ping_url: fc.constant('https://p.example/x'), openlineage: fc.constant({ url: 'https://l.example' }) },
        { requiredKeys: [] },
      ),
      lineage: fc.record(
        { enabled: fc.boolean(), track_pipeline_version: fc.boolean(), retention_months: fc.integer({ min: 1, max: 99 }) },
        { requiredKeys: [] },
      ),
      retention: fc.record({ runs_months: fc.integer({ min: 1, max: 99 }) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );

  it('accepts every choice of optional keys with valid values', async () => {
    await fc.assert(
      fc.asyncProperty(config, dataset, key, async (rest, entry, { key, ...more }) => {
        const files = [{ name: 'coisas', key, ...more, ...entry }];
        // JSON is YAML.
        const { extraction } = await loadText(JSON.stringify({ ...rest, extraction: { files } }));
        expect(extraction.datasets[0]).toMatchObject({ name: 'coisas', key });
      }),
      { numRuns: 100 },
    );
  });
});
