import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf, loadText, minimal } from './load-text.ts';

const url = (text: string) => `${minimal}database: { url: "${text}" }\n`;

describe('a reference', () => {
  const cases = [
    ['gives the value of a variable', '${DB}', { DB: 'postgres://h' }, 'postgres://h'],
    ['stands within a text', 'postgres://${USER}@${HOST}/d', { USER: 'u', HOST: 'h' }, 'postgres://u@h/d'],
    ['gives its default when the variable is not set', '${DB:-postgres://d}', {}, 'postgres://d'],
    ['gives its default when the variable is empty', '${DB:-postgres://d}', { DB: '' }, 'postgres://d'],
    ['gives the variable before its default', '${DB:-postgres://d}', { DB: 'postgres://h' }, 'postgres://h'],
    ['with a message gives the variable', '${DB:?where is it}', { DB: 'postgres://h' }, 'postgres://h'],
    ['is not looked for in what a variable holds', '${DB}', { DB: 'postgres://${X}' }, 'postgres://${X}'],
    ['leaves other dollars alone', 'postgres://$x$$y', {}, 'postgres://$x$$y'],
    ['is not needed for the default of the schema', '${NONE:-}', { DATABASE_URL: 'postgres://e' }, 'postgres://e'],
  ] as const;

  it.each(cases)('%s', async (_, text, env, expected) => {
    expect((await loadText(url(text), env)).database.url).toBe(expected);
  });

  it('has its message in the error', async () => {
    const { message } = await errorOf(url('${DB:?where is it}'));
    expect(message).toContain('config.yaml:2:18: DB is not set: where is it (database.url)');
  });

  it('to an empty variable is missing, as a copied .env.example would have it', async () => {
    expect((await errorOf(url('${DB}'), { DB: '' })).message).toContain('DB is empty (database.url)');
  });
});

describe('a variable', () => {
  it('comes from .env beside the configuration', async () => {
    expect((await loadText(url('${DB}'), {}, { '.env': 'DB="postgres://dot"\n' })).database.url).toBe('postgres://dot');
  });

  it('comes from the real environment first, be it as a file', async () => {
    const files = { '.env': 'DB=postgres://dot\n', secret: 'postgres://file\n' };
    expect((await loadText(url('${DB}'), { DB: 'postgres://real' }, files)).database.url).toBe('postgres://real');
    expect((await loadText(url('${DB}'), { DB_FILE: 'secret' }, files)).database.url).toBe('postgres://file');
  });

  it.each([
    ['postgres://h\n', 'postgres://h'],
    ['postgres://h\r\n', 'postgres://h'],
    ['postgres://h', 'postgres://h'],
    ['postgres://h \n', 'postgres://h '],
  ])('comes from the file that NAME_FILE names, without its last line break (%j)', async (content, expected) => {
    expect((await loadText(url('${DB}'), { DB_FILE: 'secret' }, { secret: content })).database.url).toBe(expected);
  });

  it('is missing when its file cannot be read or is empty', async () => {
    expect((await errorOf(url('${DB}'), { DB_FILE: 'nowhere' })).message).toContain(
      'DB is in no file: DB_FILE names one that cannot be read (ENOENT)',
    );
    expect((await errorOf(url('${DB}'), { DB_FILE: 'secret' }, { secret: '\n' })).message).toContain(
      'DB is empty in the file that DB_FILE names',
    );
  });
});

describe('a value that is wholly a reference', () => {
  const cases = [
    ['a boolean', 'monitoring: { prometheus: { enabled: "${V}" } }', 'true', ['monitoring', 'prometheus', 'enabled'], true],
    [
      'a boolean as a digit',
      'monitoring: { prometheus: { enabled: "${V}" } }',
      '0',
      ['monitoring', 'prometheus', 'enabled'],
      false,
    ],
    ['a whole number', 'reconciliation: { volume_floor_rows: "${V}" }', '587', ['reconciliation', 'volumeFloorRows'], 587],
    [
      'a number',
      'reconciliation: { volume_tolerance_percent: "${V}" }',
      '2.5',
      ['reconciliation', 'volumeTolerancePercent'],
      2.5,
    ],
    ['a list by commas', 'alerting: { fallback: "${V}" }', 'email, telegram,', ['alerting', 'fallback'], ['email', 'telegram']],
    ['a text', 'database: { schema: "${V}" }', 'dados', ['database', 'schema'], 'dados'],
  ] as const;

  it.each(cases)('becomes %s where the schema wants one', async (_, text, value, path, expected) => {
    const config: unknown = await loadText(`${minimal}${text}\n`, { V: value });
    expect(path.reduce((node, step) => (node as Record<string, unknown>)[step], config)).toEqual(expected);
  });

  it('is refused when it cannot, and shown as it is written', async () => {
    const { code, message } = await errorOf(`${minimal}reconciliation: { volume_floor_rows: "\${V}" }\n`, { V: 'twenty-two' });
    expect(code).toBe('config-invalid');
    expect(message).toBe('config.yaml:2:38: reconciliation.volume_floor_rows: expected a whole number, at least 0, got "${V}"');
  });

  it('is as good as not written when it is empty', async () => {
    const config = await loadText(
      `${minimal}reconciliation: { volume_floor_rows: "\${V:-}" }\nmonitoring: { ping_url: "\${W:-}" }\n`,
    );
    expect([config.reconciliation.volumeFloorRows, config.monitoring.pingUrl]).toEqual([20, null]);
  });

  it('makes a list of e-mail addresses and a port of the names that .env.example uses', async () => {
    const email =
      'enabled: true, smtp_host: "${EMAIL_SMTP_HOST}", smtp_port: "${EMAIL_SMTP_PORT:-587}", from: "${EMAIL_FROM}", to: "${EMAIL_TO}"';
    const env = { EMAIL_SMTP_HOST: 'h', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'd@e.f,g@h.i', EMAIL_USER: 'u' };
    const { alerting } = await loadText(`${minimal}alerting: { email: { ${email} } }\n`, env);
    expect(alerting.channels.email).toMatchObject({ smtpPort: 587, to: ['d@e.f', 'g@h.i'], user: 'u', pass: null });
  });

  it('makes a key of a list of columns or of the word content', async () => {
    const text = 'extraction: { files: [{ name: coisas, key: "${K}" }] }';
    expect((await loadText(text, { K: 'a,b' })).extraction.datasets[0]?.key).toEqual(['a', 'b']);
    expect((await loadText(text, { K: 'content' })).extraction.datasets[0]?.key).toBe('content');
  });
});

const telegram = (enabled: string) =>
  `${minimal}alerting: { telegram: { ${enabled}bot_token: "\${T}", chat_id: "\${C}" }, sendgrid: { enabled: false, to: ["\${S}"] } }\n`;

describe('a channel', () => {
  it.each([['enabled: false, '], ['enabled: "${ON:-false}", '], ['']])(
    'that is not enabled (%j) may name variables that nobody set',
    async (enabled) => {
      expect((await loadText(telegram(enabled))).alerting.channels).toMatchObject({ telegram: null, sendgrid: null });
    },
  );

  it('that a variable enables needs its variables', async () => {
    const { message } = await errorOf(telegram('enabled: "${ON:-false}", '), { ON: 'true' });
    expect(message).toMatch(/\bT is not set[^]*\bC is not set/);
    expect(message).not.toContain('S is not set');
  });

  it('of e-mail that names a user that nobody set is an error as any other', async () => {
    const text = `${minimal}alerting: { email: { enabled: true, smtp_host: h, from: a@b, to: [a@b], user: "\${EMAIL_USER}" } }\n`;
    expect(await errorOf(text)).toMatchObject({ code: 'config-variable-missing' });
  });

  it('takes its defaults from the environment', async () => {
    const text = `${minimal}alerting: { sendgrid: { enabled: true, from: a@b, to: [a@b] } }\n`;
    expect((await loadText(text, { SENDGRID_API_KEY: 'SG.1' })).alerting.channels.sendgrid).toMatchObject({
      apiKey: 'SG.1',
      region: 'global',
    });
    expect((await errorOf(text)).message).toContain('alerting.sendgrid: the key "api_key" is missing');
  });
});

describe('secrets', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9%&!]{8,24}$/).map((text) => `zq9${text}`);
  /** Every place where a secret may stand, with something wrong near it. */
  const texts = [
    url('${S}'),
    url('mysql://${S}@h'),
    `${minimal}database: { url: "\${S}", schema: "\${S}" }\n`,
    `${minimal}alerting: { telegram: { enabled: true, bot_token: "\${S}" } }\n`,
    `${minimal}alerting: { telegram: { enabled: "\${S}", bot_token: "\${S}", chat_id: [] } }\n`,
    `${minimal}alerting: { email: { smtp_port: "\${S}", to: "\${S}", pass: "\${S}", secure: "\${S}" } }\n`,
    `${minimal}alerting: { webhook: { enabled: true, url: "\${S}", headers: { a: 1, b: "\${S}" } } }\n`,
    `${minimal}monitoring: { ping_url: "\${S}", "x": "\${S}" }\n`,
    'extraction: { timezone: "${S}", files: [{ name: "${S}", key: "${S}" }] }',
    'extraction: { files: [{ name: a, key: ["${S}"], required_columns: [b], relations: [{ column: "${S}", references: "${S}.${S}" }] }] }',
    'extraction: { files: [{ name: a, key: [b], relations: [{ column: b, references: "${S}.${S}" }], columns: { b: { enum: ["${S}"], pattern: "[${S}", minimum: "${S}" } } }] }',
    'extraction: { files: [{ name: a, key: [b], required_columns: ["${S}"] }] }',
    'extraction: { files: [{ name: a, key: [b], columns: { b: { from: ["${S}"] }, c: { from: ["${S}"] } } }] }',
  ];

  it('of the environment are in no error', async () => {
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom(...texts), async (value, text) => {
        const { message, hint } = await errorOf(text, { S: value });
        expect(`${message} ${hint}`).not.toContain(value);
      }),
      { numRuns: 60 },
    );
  });

  it('that are written out are in no error', async () => {
    const text = `${minimal}database: { url: "mysql://u:hunter2@h" }\nalerting:\n  telegram: { bot_token: [hunter2] }\n  sendgrid: { api_key: { a: hunter2 } }\n  webhook: { url: hunter2, headers: { Authorization: 5 } }\nmonitoring: { ping_url: "hunter2\${X:-hunter2}" }\n`;
    const { message } = await errorOf(text);
    expect(message.split('\n')).toHaveLength(6);
    expect(message).not.toContain('hunter2');
  });
});
