import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { errorOf, loadText, minimal } from './load-text.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const contract = readFileSync(join(fixtures, 'contract.yaml'), 'utf8');
const secrets = { TELEGRAM_BOT_TOKEN: '123:abc', TELEGRAM_CHAT_ID: '-100', EMAIL_SMTP_HOST: 'smtp.example' };

describe('the contract', () => {
  it('accepts the first block as it stands', async () => {
    const { alerting, extraction } = await loadConfig({ path: join(fixtures, 'contract.yaml'), env: secrets });
    expect(alerting.channels.telegram).toMatchObject({ botToken: '123:abc', chatId: '-100' });
    expect(alerting.channels.email).toMatchObject({
      smtpHost: 'smtp.example',
      to: ['tito@projetus.com', 'philipe@projetus.com'],
    });
    expect(extraction.datasets.map(({ name, key, unknownColumns }) => ({ name, key, unknownColumns }))).toEqual([
      { name: 'propostas', key: ['id'], unknownColumns: 'text' },
      { name: 'apoiadores', key: ['id'], unknownColumns: 'text' },
    ]);
  });

  it('names every missing variable of the first block in one error', async () => {
    const error = await errorOf(contract);
    expect(error).toMatchObject({ code: 'config-variable-missing', line: 2, column: 41 });
    expect(error.message.split('\n').slice(1)).toEqual([
      'config.yaml:2:41: TELEGRAM_BOT_TOKEN is not set (alerting.telegram.bot_token)',
      'config.yaml:2:75: TELEGRAM_CHAT_ID is not set (alerting.telegram.chat_id)',
      'config.yaml:5:16: EMAIL_SMTP_HOST is not set (alerting.email.smtp_host)',
    ]);
    expect(error.hint).toContain('TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID, EMAIL_SMTP_HOST');
  });

  it('takes what the design writes as defaults for the defaults', async () => {
    const written = await loadConfig({ path: join(fixtures, 'further-keys.yaml'), env: {} });
    const silent = await loadText(minimal);
    const { datasets: _, rawDir: writtenDir, ...times } = written.extraction;
    const { datasets: __, rawDir: silentDir, ...silentTimes } = silent.extraction;
    expect(times).toEqual(silentTimes);
    expect([writtenDir, silentDir].every((path) => isAbsolute(path) && path.endsWith('/data/raw'))).toBe(true);
    for (const key of ['alerting', 'reconciliation', 'lineage', 'retention'] as const) expect(written[key]).toEqual(silent[key]);
    expect(written.monitoring).toMatchObject({ pingUrl: null, prometheus: { enabled: false } });
    expect(written.inert).toEqual([]);
    expect(silent.inert).toEqual([]);
  });

  it('reads a whole dataset', async () => {
    const { extraction } = await loadConfig({ path: join(fixtures, 'further-keys.yaml'), env: {} });
    expect(extraction.datasets[0]).toEqual({
      name: 'propostas',
      entity: 'proposta',
      match: ['*siconv_proposta*', '*propostas*'],
      url: 'https://example.com/siconv_proposta.zip',
      format: {
        sheet: 1,
        member: null,
        headerRow: 'auto',
        delimiter: 'auto',
        encoding: 'auto',
        decimal: 'auto',
        footer: 'auto',
        nullValues: ['', '-', 'NULL'],
      },
      snapshot: 'full',
      key: ['id'],
      columns: [
        { name: 'id', from: ['ID_PROPOSTA'], type: { kind: 'text' }, keywords: {} },
        { name: 'titulo', from: ['OBJETO_PROPOSTA'], type: { kind: 'text' }, keywords: {} },
        { name: 'valor', from: ['VL_GLOBAL_PROP'], type: { kind: 'decimal', precision: 18, scale: 2 }, keywords: { minimum: 0 } },
        { name: 'uf', from: ['UF_PROPONENTE'], type: { kind: 'text' }, keywords: { format: 'uf' } },
        { name: 'inicio', from: ['DIA_INIC_VIGENCIA_PROPOSTA'], type: { kind: 'date' }, keywords: {} },
        { name: 'ano', from: ['ANO_PROP'], type: { kind: 'integer' }, keywords: {} },
        { name: 'cnpj', from: ['IDENTIF_PROPONENTE'], type: { kind: 'text' }, keywords: { format: 'cnpj' } },
      ],
      requiredColumns: ['id', 'titulo', 'valor'],
      requiredValues: ['id'],
      unknownColumns: 'ignore',
      where: [{ column: 'ano', keywords: { enum: [2025, 2026] } }],
      distinct: false,
      duplicates: 'reject',
      maxRejectedPercent: 1,
      onVanish: 'mark',
      maxVanishedPercent: 10,
      relations: [{ column: 'cnpj', references: { dataset: 'proponentes', column: 'cnpj' }, onOrphan: 'warn' }],
      indexes: [['uf'], ['ano']],
      expect: { required: true, minRows: 1, maxAgeHours: null, mustChange: false },
      volumeTolerancePercent: 10,
      onVolumeAnomaly: 'warn',
      distribution: 'none',
    });
  });
});

describe('the defaults of a dataset', () => {
  const cases = [
    ['the key is id when it is required', 'required_columns: [nome, id]', { key: ['id'], requiredValues: ['id'] }],
    ['the key is the first required column without id', 'required_columns: [cnpj, nome]', { key: ['cnpj'] }],
    ['the required columns are the key', 'key: [a, b]', { requiredColumns: ['a', 'b'], requiredValues: ['a', 'b'] }],
    [
      'the header must hold the key too',
      'key: [a], columns: { a: {}, b: {} }, required_columns: [b]',
      { requiredColumns: ['b', 'a'] },
    ],
    ['key: content requires nothing', 'key: content', { key: 'content', requiredColumns: [], requiredValues: [] }],
    ['other columns are text without columns', 'key: [a]', { unknownColumns: 'text' }],
    ['other columns are ignored with columns', 'key: [a], columns: { a: {} }', { unknownColumns: 'ignore' }],
    ['the entity is the name', 'key: [a]', { entity: 'coisas' }],
    ['volume comes from reconciliation', 'key: [a]', { volumeTolerancePercent: 33, onVolumeAnomaly: 'hold' }],
    [
      'a volume of its own wins',
      'key: [a], volume_tolerance_percent: 5, on_volume_anomaly: warn',
      { volumeTolerancePercent: 5, onVolumeAnomaly: 'warn' },
    ],
  ] as const;

  it.each(cases)('%s', async (_, entry, expected) => {
    const text = `reconciliation: { volume_tolerance_percent: 33, on_volume_anomaly: hold }\nextraction: { files: [{ name: coisas, ${entry} }] }`;
    expect((await loadText(text)).extraction.datasets[0]).toMatchObject(expected);
  });

  it('lets a column have several spellings of one header name', async () => {
    const text = 'extraction: { files: [{ name: coisas, key: [a], columns: { a: { from: [Município, MUNICIPIO] } } }] }';
    expect((await loadText(text)).extraction.datasets[0]?.columns[0]?.from).toEqual(['Município', 'MUNICIPIO']);
  });

  it('makes a column without settings a text under its own name', async () => {
    const { extraction } = await loadText('extraction: { files: [{ name: coisas, key: [a], columns: { a: {} } }] }');
    expect(extraction.datasets[0]?.columns).toEqual([{ name: 'a', from: ['a'], type: { kind: 'text' }, keywords: {} }]);
  });
});

describe('the loaded configuration', () => {
  it('is frozen to its leaves and plain JSON data', async () => {
    const config = await loadConfig({ path: join(fixtures, 'further-keys.yaml'), env: {} });
    const thawed: unknown[] = [];
    const visit = (value: unknown) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) thawed.push(value);
      Object.values(value).forEach(visit);
    };
    visit(config);
    expect(thawed).toEqual([]);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });

  it('makes paths absolute from the folder of the file', async () => {
    const config = await loadText(`${minimal}database: { url: "pglite:banco" }\nmonitoring: { prometheus: { file: m.prom } }\n`);
    expect(config.database.url).toBe(`pglite:${config.directory}/banco`);
    expect(config.monitoring.prometheus.file).toBe(`${config.directory}/m.prom`);
    expect(config.extraction.rawDir).toBe(`${config.directory}/data/raw`);
  });

  it('leaves the address of a server as it is', async () => {
    const url = 'postgres://u:p@host/db';
    expect((await loadText(`${minimal}database: { url: "${url}" }`)).database.url).toBe(url);
  });

  it('names keys that have no effect', async () => {
    const text = 'extraction: { files: [{ name: coisas, key: [id], distribution: reference }] }\n';
    expect((await loadText(text)).inert).toEqual(['distribution of the dataset coisas']);
    const spread = await loadText(`database: { url: postgres://h/d, distribution: citus }\n${text}`);
    expect(spread.inert).toEqual([]);
    expect(spread.extraction.datasets[0]!.distribution).toBe('reference');
  });
});

const hashOf = async (text: string, env = {}) => (await loadText(text, env)).hash;
const withUrl = (url: string) => `${minimal}database: { url: "${url}" }`;
const withHeader = (value: string) =>
  `${minimal}alerting: { webhook: { enabled: true, url: "https://x", headers: { A: "${value}" } } }`;

describe('the hash', () => {
  it('is 64 hex digits, and the same for the same content in another order and layout', async () => {
    const other = 'extraction:\n  files:\n    - key: [id] # the key\n      name: coisas\n';
    expect(await hashOf(minimal)).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(other)).toBe(await hashOf(minimal));
  });

  it('changes with a setting', async () => {
    expect(await hashOf(minimal.replace('id', 'codigo'))).not.toBe(await hashOf(minimal));
  });

  it('does not depend on secrets, neither those of the environment nor those written out', async () => {
    expect(await hashOf(withUrl('${DB}'), { DB: 'postgres://a' })).toBe(await hashOf(withUrl('${DB}'), { DB: 'postgres://b' }));
    expect(await hashOf(withUrl('postgres://u:one@h/d'))).toBe(await hashOf(withUrl('postgres://u:two@h/d')));
    expect(await hashOf(withHeader('one'))).toBe(await hashOf(withHeader('two')));
  });
});

describe('a file that cannot be read', () => {
  it('is named when it does not exist', async () => {
    const loading = loadConfig({ path: join(fixtures, 'nowhere.yaml'), env: {} });
    await expect(loading).rejects.toMatchObject({ code: 'config-not-found', hint: 'name the configuration with --config FILE' });
  });

  it('is named when it is a folder', async () => {
    await expect(loadConfig({ path: fixtures, env: {} })).rejects.toMatchObject({ code: 'config-not-found' });
  });

  it('is refused when it is not UTF-8', async () => {
    expect(await errorOf(Buffer.from('version: 1 # configura\xe7\xe3o', 'latin1'))).toMatchObject({ code: 'config-syntax' });
  });

  it('is refused when it is far too large', async () => {
    expect(await errorOf(`#${'x'.repeat(5 * 1024 * 1024)}`)).toMatchObject({ code: 'config-not-found' });
  });

  it('may begin with a byte order mark', async () => {
    expect((await loadText(`\uFEFF${minimal}`)).extraction.datasets).toHaveLength(1);
  });
});
