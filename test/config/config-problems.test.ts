import { describe, expect, it } from 'vitest';
import { errorOf, loadText, minimal } from './load-text.ts';

/** One dataset whose entry is this text. */
const dataset = (entry: string) => `extraction:\n  files:\n    - name: coisas\n${entry.replace(/^/gm, '      ')}\n`;
const columns = (text: string) => dataset(`key: content\ncolumns:\n  ${text}`);

const problems: readonly (readonly [string, string, string])[] = [
  // Of the schema.
  ['an unknown key at the top', `${minimal}extracton: 1\n`, '2:1: extracton: unknown key; did you mean "extraction"?'],
  [
    'an unknown key that is near nothing',
    `${minimal}x: 1\n`,
    '2:1: x: unknown key; known here: version, database, alerting, reconciliation, monitoring, extraction, lineage, retention',
  ],
  [
    'an unknown key of a dataset',
    dataset('key: [id]\ncolums: {}'),
    '5:7: extraction.files[0].colums: unknown key; did you mean "columns"?',
  ],
  [
    'a key named __proto__',
    `${minimal}__proto__: 1\n`,
    '2:1: __proto__: unknown key; known here: version, database, alerting, reconciliation, monitoring, extraction, lineage, retention',
  ],
  [
    'a wrong type',
    'extraction:\n  hour: nove\n  files: [{ name: a, key: [id] }]\n',
    '2:9: extraction.hour: expected a whole number from 0 to 23, got "nove"',
  ],
  [
    'a number out of range',
    'extraction:\n  hour: 24\n  files: [{ name: a, key: [id] }]\n',
    '2:9: extraction.hour: expected a whole number from 0 to 23, got 24',
  ],
  ['a boolean of YAML 1.1', `${minimal}lineage: { enabled: on }\n`, '2:21: lineage.enabled: expected true or false, got "on"'],
  [
    'a wrong choice',
    dataset('key: [id]\nsnapshot: part'),
    '5:17: extraction.files[0].snapshot: expected one of full, delta, got "part"',
  ],
  ['a list where keys belong', `${minimal}lineage: [1]\n`, '2:10: lineage: expected keys with values, got a list'],
  ['a key with nothing after it', `${minimal}lineage:\n`, '2:1: lineage: expected keys with values, got null'],
  ['a key that is missing', 'extraction: { files: [{ key: [id] }] }', '1:23: extraction.files[0]: the key "name" is missing'],
  ['an empty file', '', '1:1: the file: the key "extraction" is missing'],
  ['a file that is a text', 'hello', '1:1: the file: expected keys with values, got "hello"'],
  [
    'no dataset at all',
    'extraction: { files: [] }',
    '1:22: extraction.files: expected a list of datasets, at least one, got a list',
  ],
  [
    'an address of another protocol, which may hold a password',
    dataset('key: [id]\nurl: ftp://ana:s3cret@h/coisas.csv'),
    '5:12: extraction.files[0].url: expected an address that begins with http:// or https://, got text that is not shown',
  ],
  ['an address that is none', dataset('key: [id]\nurl: "https://[h"'), '5:12: extraction.files[0].url: this is no address'],
  [
    'an address without the name of a file',
    dataset('key: [id]\nurl: https://h/download?token=s3cret'),
    '5:12: extraction.files[0].url: the address does not end in the name of a data file; write that behind it, such as #coisas.csv',
  ],
  [
    'two addresses whose files have one name',
    dataset('key: [id]\nurl: https://h/a/x.csv\n') + '    - { name: b, key: [id], url: https://h/b/X.csv }\n',
    '7:34: extraction.files[1].url: an earlier dataset has another address with a file of this name; write a name behind one of them, such as #b.csv',
  ],
  [
    'a sentinel that is no address',
    'extraction:\n  download: { sentinel_url: "s3cret" }\n  files: [{ name: a, key: [id] }]\n',
    '2:29: extraction.download.sentinel_url: expected an address that begins with http:// or https://, got text that is not shown',
  ],
  [
    'a channel that lacks its address',
    `${minimal}alerting:\n  webhook: { enabled: true }\n`,
    '3:3: alerting.webhook: the key "url" is missing; a channel that is enabled needs it',
  ],
  [
    'a channel with no receiver',
    `${minimal}alerting:\n  email: { enabled: true, smtp_host: h, from: a@b, to: [] }\n`,
    '3:56: alerting.email.to: expected a list of e-mail addresses, got a list',
  ],
  [
    'a value with no e-mail address',
    `${minimal}alerting:\n  email: { from: nobody }\n`,
    '3:18: alerting.email.from: expected an e-mail address, got "nobody"',
  ],
  [
    'a database of another kind',
    `${minimal}database: { url: "mysql://h" }\n`,
    '2:18: database.url: expected postgres://USER:PASSWORD@HOST/DATABASE or pglite:FOLDER, got text that is not shown',
  ],
  [
    'a dataset name with capitals',
    'extraction: { files: [{ name: Coisas, key: [id] }] }',
    '1:31: extraction.files[0].name: expected a table name of small letters, digits and _ that begins with a letter, at most 58 characters, got "Coisas"',
  ],
  [
    'a dataset name that is too long for its view',
    `extraction: { files: [{ name: ${'a'.repeat(59)}, key: [id] }] }`,
    `1:31: extraction.files[0].name: expected a table name of small letters, digits and _ that begins with a letter, at most 58 characters, got "${'a'.repeat(59)}"`,
  ],
  [
    'a column name that is ours',
    columns('_run: {}'),
    '6:9: extraction.files[0].columns._run: expected a column name of small letters, digits and _ that begins with a letter, at most 63 characters',
  ],
  [
    'a column name with an accent',
    columns('"município": {}'),
    '6:9: extraction.files[0].columns["município"]: expected a column name of small letters, digits and _ that begins with a letter, at most 63 characters',
  ],
  [
    'an unknown type',
    columns('a: { type: money }'),
    '6:20: extraction.files[0].columns.a.type: expected text, integer, decimal(p,s), date, timestamp or boolean, got "money"',
  ],
  [
    'an unknown keyword',
    columns('a: { minimun: 1 }'),
    '6:14: extraction.files[0].columns.a.minimun: unknown key; did you mean "minimum"?',
  ],
  [
    'a key that is neither list nor content',
    dataset('key: id'),
    '4:12: extraction.files[0].key: expected a list of columns, each once, or the word content, got "id"',
  ],
  [
    'a column twice in a key',
    dataset('key: [id, id]'),
    '4:12: extraction.files[0].key: expected a list of columns, each once, or the word content, got a list',
  ],
  ['another version', `${minimal}version: 2\n`, '2:10: version: expected 1, got 2'],

  // Of one dataset.
  [
    'a dataset without a key',
    'extraction: { files: [{ name: coisas }] }',
    '1:23: extraction.files[0]: the dataset has no key: write key: [COLUMN], key: content, or required_columns',
  ],
  [
    'a key that is not declared',
    dataset('key: [nome]\ncolumns: { nomes: {} }'),
    '4:13: extraction.files[0].key[0]: no column "nome" is declared; did you mean "nomes"?',
  ],
  [
    'a key beside the required columns',
    dataset('key: [xyz]\nrequired_columns: [id, nome]'),
    '4:13: extraction.files[0].key[0]: no column "xyz" is declared; there are id, nome',
  ],
  [
    'a required column that is not declared',
    dataset('columns: { id: {} }\nrequired_columns: [id, titulo]'),
    '5:30: extraction.files[0].required_columns[1]: no column "titulo" is declared; there are id',
  ],
  [
    'a required value that is not declared',
    dataset('key: [id]\nrequired_values: [uf]'),
    '5:25: extraction.files[0].required_values[0]: no column "uf" is declared; there are id',
  ],
  [
    'a filter on a column that is not declared',
    dataset('key: [id]\nwhere: { ano: { enum: [1] } }'),
    '5:16: extraction.files[0].where.ano: no column "ano" is declared; there are id',
  ],
  [
    'an index on a column that is not declared',
    dataset('key: [id]\nindexes: [[id], [id, uf]]'),
    '5:28: extraction.files[0].indexes[1][1]: no column "uf" is declared; there are id',
  ],
  [
    'a relation from a column that is not declared',
    dataset('key: [id]\nrelations: [{ column: uf, references: coisas.id }]'),
    '5:29: extraction.files[0].relations[0].column: no column "uf" is declared; there are id',
  ],
  [
    'two columns with one header',
    columns('a: { from: [Município] }\n  b: { from: [x, "MUNICIPIO "] }'),
    '7:24: extraction.files[0].columns.b.from[1]: the column "a" has this header name too (accents, case and blanks do not matter)',
  ],
  [
    'a header name of signs',
    columns('a: { from: ["---"] }'),
    '6:21: extraction.files[0].columns.a.from[0]: a header name needs a letter or a digit',
  ],
  [
    'a system column of PostgreSQL',
    columns('xmin: {}'),
    '6:9: extraction.files[0].columns.xmin: PostgreSQL has a column of this name in every table',
  ],
  [
    'a required column that is no column name',
    dataset('required_columns: [id, Título]'),
    '4:30: extraction.files[0].required_columns[1]: a column name has small letters, digits and _, and begins with a letter',
  ],
  [
    'a decimal with too many digits',
    columns('a: { type: "decimal(39,2)" }'),
    '6:20: extraction.files[0].columns.a.type: decimal(p,s) needs 1 <= s <= p <= 38; for whole numbers there is integer',
  ],
  [
    'a decimal with more decimals than digits',
    columns('a: { type: "decimal(2,3)" }'),
    '6:20: extraction.files[0].columns.a.type: decimal(p,s) needs 1 <= s <= p <= 38; for whole numbers there is integer',
  ],
  [
    'a decimal without decimals',
    columns('a: { type: "decimal(2,0)" }'),
    '6:20: extraction.files[0].columns.a.type: decimal(p,s) needs 1 <= s <= p <= 38; for whole numbers there is integer',
  ],
  [
    'a reserved name',
    'extraction: { files: [{ name: runs, key: [id] }] }',
    '1:31: extraction.files[0].name: this name is that of a table of projetus; choose another',
  ],
  [
    'the name of a view',
    'extraction: { files: [{ name: coisas_live, key: [id] }] }',
    '1:31: extraction.files[0].name: names that end in _live are those of views; choose another',
  ],
  [
    'a time zone that does not exist',
    'extraction: { timezone: America/Sao_Paolo, files: [{ name: a, key: [id] }] }',
    '1:25: extraction.timezone: "America/Sao_Paolo" is no time zone; did you mean America/Sao_Paulo?',
  ],

  // Of keywords.
  [
    'minimum on a text',
    columns('a: { minimum: 1 }'),
    '6:14: extraction.files[0].columns.a.minimum: this keyword is for columns of type integer, decimal, and this one is text',
  ],
  [
    'pattern on a date',
    columns('a: { type: date, pattern: x }'),
    '6:26: extraction.files[0].columns.a.pattern: this keyword is for columns of type text, and this one is date',
  ],
  [
    'maxLength on a decimal',
    columns('a: { type: "decimal(5,2)", maxLength: 3 }'),
    '6:36: extraction.files[0].columns.a.maxLength: this keyword is for columns of type text, and this one is decimal(5,2)',
  ],
  [
    'format on an integer',
    columns('a: { type: integer, format: cnpj }'),
    '6:29: extraction.files[0].columns.a.format: this keyword is for columns of type text, and this one is integer',
  ],
  [
    'enum on a timestamp',
    columns('a: { type: timestamp, enum: [x] }'),
    '6:31: extraction.files[0].columns.a.enum: this keyword is for columns of type text, integer, decimal, date, boolean, and this one is timestamp',
  ],
  [
    'a number in the enum of a text',
    columns('a: { enum: [x, 5] }'),
    '6:24: extraction.files[0].columns.a.enum[1]: expected text: put it in quotes',
  ],
  [
    'a text in the enum of an integer',
    columns('a: { type: integer, enum: ["5"] }'),
    '6:36: extraction.files[0].columns.a.enum[0]: expected a whole number without quotes',
  ],
  [
    'a fraction in the enum of an integer',
    columns('a: { type: integer, enum: [0.5] }'),
    '6:36: extraction.files[0].columns.a.enum[0]: expected a whole number without quotes',
  ],
  [
    'a day that does not exist in the enum of a date',
    columns('a: { type: date, enum: [2026-02-30] }'),
    '6:33: extraction.files[0].columns.a.enum[0]: expected a date such as 2026-11-22',
  ],
  [
    'a text in the enum of a boolean',
    columns('a: { type: boolean, enum: [sim] }'),
    '6:36: extraction.files[0].columns.a.enum[0]: expected true or false',
  ],
  [
    'a number too great to be exact',
    columns('a: { type: integer, maximum: 9223372036854775807 }'),
    '6:38: extraction.files[0].columns.a.maximum: the greatest number possible is 9007199254740991',
  ],
  [
    'a maximum below the minimum',
    columns('a: { type: integer, minimum: 2, maximum: 1 }'),
    '6:50: extraction.files[0].columns.a.maximum: maximum is below minimum: no value would do',
  ],
  [
    'a maxLength below the minLength',
    columns('a: { minLength: 2, maxLength: 1 }'),
    '6:39: extraction.files[0].columns.a.maxLength: maxLength is below minLength: no value would do',
  ],
  [
    'a pattern that does not compile',
    columns('a: { pattern: "[a-" }'),
    '6:23: extraction.files[0].columns.a.pattern: not a regular expression: Unterminated character class',
  ],
  [
    'a keyword of a filter that does not fit',
    dataset('key: [id]\nwhere: { id: { minimum: 1 } }'),
    '5:22: extraction.files[0].where.id.minimum: this keyword is for columns of type integer, decimal, and this one is text',
  ],

  // Of substitution.
  [
    'a substitution that is not closed',
    `${minimal}lineage: { enabled: "\${X" }\n`,
    '2:21: lineage.enabled: a substitution is written ${NAME}, ${NAME:-default} or ${NAME:?message}',
  ],
  [
    'a substitution within a default',
    `${minimal}lineage: { enabled: "\${X:-\${Y}}" }\n`,
    '2:21: lineage.enabled: a substitution is written ${NAME}, ${NAME:-default} or ${NAME:?message}',
  ],
];

/** Two datasets with these settings; the key of both is a. */
const two = (first: string, second: string) =>
  `extraction:\n  files:\n    - { name: um, key: [a]${first} }\n    - { name: dois, key: [a]${second} }\n`;

const problemsBetween: readonly (readonly [string, string, string])[] = [
  [
    'two datasets of one name',
    minimal.replace(' }] }', ' }, { name: coisas, key: [id] }] }'),
    '1:60: extraction.files[1].name: an earlier dataset has this name',
  ],
  ['two datasets of one entity', two('', ', entity: um'), '4:39: extraction.files[1].entity: an earlier dataset has this entity'],
  [
    'a relation to no dataset',
    two(', relations: [{ column: a, references: doi.a }]', ''),
    '3:66: extraction.files[0].relations[0].references: no dataset of "doi.a" is declared; did you mean "dois"?',
  ],
  [
    'a relation to no column',
    two(', relations: [{ column: a, references: dois.b }]', ''),
    '3:66: extraction.files[0].relations[0].references: no column "dois.b" is declared; there are a',
  ],
  [
    'a relation between types',
    two(', columns: { a: { type: integer } }, relations: [{ column: a, references: dois.a }]', ''),
    '3:101: extraction.files[0].relations[0].references: the columns differ in type: integer here, text there',
  ],
  [
    'a relation to a table that is spread over servers',
    `database: { url: postgres://h/d, distribution: citus }\n${two(', relations: [{ column: a, references: dois.a }]', '')}`,
    '4:66: extraction.files[0].relations[0].references: with database.distribution: citus what others refer to has to be on every server: write distribution: reference at the dataset dois',
  ],
  [
    'a relation to itself of a table that is spread over servers',
    `database: { url: postgres://h/d, distribution: citus }\n${two(', distribution: reference, relations: [{ column: a, references: um.a }]', '')}`,
    '4:91: extraction.files[0].relations[0].references: with database.distribution: citus a dataset cannot refer to itself',
  ],
  [
    'a date that is to say on which server a row is',
    `database: { url: postgres://h/d, distribution: citus }\n${two(', columns: { a: { type: date } }', '')}`,
    '4:24: extraction.files[0].key: with database.distribution: citus rows are not told by a date (a); declare it as text',
  ],
  [
    'an embedded database that is to be several servers',
    `database: { url: "pglite:data", distribution: citus }\n${minimal}`,
    '1:47: database.distribution: the embedded database is one server; set DATABASE_URL to the coordinator of the cluster',
  ],
];

describe('a problem of the configuration is told with line, column and advice', () => {
  it.each([...problems, ...problemsBetween])('%s', async (_, text, expected) => {
    const error = await errorOf(text);
    const [line, column] = expected.split(':').map(Number);
    expect(error).toMatchObject({ code: 'config-invalid', message: `config.yaml:${expected}`, line, column });
    expect(error.hint).toContain('config.schema.json');
  });

  it('tells all of them in one error, in the order of the file', async () => {
    const text = `extraction:\n  hour: 99\n  files:\n    - name: coisas\n      key: [id]\n      colums: {}\n    - name: outras\n      key: [b]\n      columns: { a: {} }\nlinage: {}\n`;
    const { message, line, column } = await errorOf(text);
    expect(message.split('\n').map((text) => text.split(':').slice(1, 4).join(':'))).toEqual([
      '2:9: extraction.hour',
      '6:7: extraction.files[0].colums',
      '8:13: extraction.files[1].key[0]',
      '10:1: linage',
    ]);
    expect([line, column]).toEqual([2, 9]);
  });

  it('tells no more than fifty', async () => {
    const keys = Array.from({ length: 80 }, (_, index) => `zzz${index}: 1`).join('\n');
    const { message } = await errorOf(`${minimal}${keys}\n`);
    expect(message.split('\n')).toHaveLength(51);
    expect(message).toMatch(/and 30 more$/);
  });
});

const to = (...names: string[]) => `relations: [${names.map((name) => `{ column: a, references: ${name}.a }`).join(', ')}]`;

describe('relations', () => {
  it('may not lead in a circle', async () => {
    const text = two(', relations: [{ column: a, references: dois.a }]', ', relations: [{ column: a, references: um.a }]');
    const { message } = await errorOf(text);
    expect(message).toBe(
      'config.yaml:3:41: extraction.files[0].relations[0]: relations lead in a circle back to this dataset\n' +
        'config.yaml:4:43: extraction.files[1].relations[0]: relations lead in a circle back to this dataset',
    );
  });

  it('may lead from a dataset to itself, and in a diamond', async () => {
    const entries = [
      ['a', to('a', 'b', 'c')],
      ['b', to('d')],
      ['c', to('d')],
      ['d', 'distinct: false'],
    ];
    const text = `extraction: { files: [${entries.map(([name, rest]) => `{ name: ${name}, key: [a], ${rest} }`).join(', ')}] }`;
    expect((await loadText(text)).extraction.datasets).toHaveLength(4);
  });
});
