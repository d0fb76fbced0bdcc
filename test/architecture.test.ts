import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeFile, codeFiles, type CodeFile } from './support/code-files.ts';

/** Who may import whom. A folder of src/ and a file beside them are areas; an area may always import itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  source: ['core'],
  parse: ['core'],
  validate: ['core'],
  // Pure: what speaks against publishing, and what people should be told.
  guard: ['core'],
  alert: ['core', 'config', 'guard', 'net'],
  monitoring: ['core', 'config', 'net'],
  net: [],
  version: [],
  migrations: [],
  db: ['core', 'migrations'],
  load: ['core', 'db'],
  runs: ['core', 'db'],
  lineage: ['core', 'db', 'run-log'],
  'run-log': ['core', 'db'],
  // Shows and exports rows as they were read, so it needs their header; writes workbooks with the one library.
  quarantine: ['core', 'db', 'parse', 'validate'],
  // Brings files to where they are read; looks into archives with the reader that will open them.
  fetch: ['core', 'config', 'net', 'parse', 'source'],
  // The steps of the street: the only ones that know both files and tables.
  run: [
    'commit',
    'core',
    'config',
    'source',
    'parse',
    'validate',
    'alert',
    'guard',
    'db',
    'fetch',
    'load',
    'net',
    'runs',
    'run-log',
    'schedule',
    'lineage',
    'quarantine',
  ],
  // Read again what was published, or take it back, with the steps of a run.
  reconcile: ['core', 'config', 'db', 'load', 'net', 'quarantine', 'run', 'run-log', 'runs', 'source', 'tell', 'validate'],
  retry: ['commit', 'core', 'config', 'db', 'load', 'parse', 'quarantine', 'run', 'runs', 'source', 'validate'],
  undo: ['commit', 'core', 'db', 'load', 'run', 'run-log', 'runs'],
  // Of fetched files, which are told from others by what was written down when they came.
  retention: ['core', 'config', 'db', 'fetch', 'load', 'runs', 'source'],
  commit: ['core', 'db', 'runs'],
  // Pure: when runs are due.
  schedule: ['core'],
  // Looks at what runs left, and changes nothing.
  health: ['core', 'config', 'db', 'migrations', 'retention', 'runs', 'schedule'],
  metrics: ['core', 'db', 'health', 'runs'],
  // What stands before the first run: writes the files of a project, guesses a dataset from a file, looks whether all is ready.
  setup: ['config', 'core', 'parse', 'source', 'validate', 'version'],
  // Reads a file with the readers and the coercers of a run, so that a guess is what a run will accept.
  guess: ['config', 'core', 'net', 'parse', 'validate'],
  doctor: ['alert', 'config', 'core', 'db', 'health', 'load', 'net', 'runs', 'schedule', 'setup', 'source'],
  // What a run says, to whom, and that it was said.
  tell: ['alert', 'config', 'core', 'db', 'metrics', 'monitoring', 'net', 'runs'],
  pipeline: ['commit', 'core', 'retention', 'run', 'source', 'db', 'runs', 'tell'],
  cli: [
    'alert',
    'core',
    'config',
    'guard',
    'net',
    'tell',
    'pipeline',
    'run',
    'db',
    'fetch',
    'doctor',
    'guess',
    'health',
    'metrics',
    'runs',
    'lineage',
    'quarantine',
    'reconcile',
    'retention',
    'retry',
    'run-log',
    'setup',
    'source',
    'undo',
    'version',
  ],
  main: ['core', 'cli'],
  bin: ['main'],
};

const tables = [
  'db',
  'doctor',
  'health',
  'load',
  'run',
  'runs',
  'run-log',
  'lineage',
  'quarantine',
  'reconcile',
  'retention',
  'retry',
  'tell',
  'undo',
  'migrations',
];

/** Where each npm package lives: one file, or the areas that speak its language. */
const homes: Readonly<Record<string, readonly string[]>> = {
  '@electric-sql/pglite': ['src/db/pglite-folder.ts', 'src/db/pglite-session.ts'],
  ajv: ['src/config/validate-schema.ts', 'src/validate/rules.ts'],
  chalk: ['cli'],
  commander: ['cli'],
  'js-yaml': ['src/config/yaml.ts'],
  kysely: tables,
  nodemailer: ['src/alert/channels/email.ts'],
  pg: ['src/db/postgres-session.ts'],
  'prom-client': ['src/metrics/registry.ts'],
  undici: ['src/net/agent.ts', 'src/net/download.ts', 'src/net/http.ts'],
  xlsx: ['src/parse/sheetjs.ts'],
  yauzl: ['src/parse/zip.ts'],
};

/** SHA-256 of migrations that have landed somewhere: they are never edited, a new one is added. */
const landedMigrations: Readonly<Record<string, string>> = {
  'migrations/0001-operational-tables.ts': '8c41d7b95d98e35b6e7844e9bbe87837bc8fb277c60b0eaf050e4425bd10227f',
  'migrations/0002-retried-keys.ts': 'fd961e1ee9a6e8f6536152ada9bbb4f2c0bff70b7dc121c620421bded57b7d8d',
  'migrations/0003-alerts.ts': '647d11ee2d2bfd351d181df6af889f79f9b198006516edb552817fd12d80f02c',
  'migrations/0004-known-lines.ts': '9e97d870f28bb485ae63a638bdf4f385b24d8002103956ad4436f1c237e8547c',
};

/** The names that only the shipped configuration knows. */
const datasetNames =
  /(?<![\p{L}\p{N}])(propostas?|apoiador(es)?|emendas?|programas?|convenios?|programa_proposta)(?![\p{L}\p{N}])/iu;
const ambient = /\bprocess\.|\bconsole\.|new Date\(\)|Date\.now\(\)/;
const longestLines = 300;

const files = await codeFiles(['bin', 'src', 'migrations']);

describe('the architecture', () => {
  it('is read from all files of the program', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => file.files).length).toBeGreaterThan(300);
  });

  it('lets an area import only what stands in its row of the table', () => {
    expect(files.flatMap(forbiddenImports).join('\n')).toBe('');
  });

  it('has no cycle', () => {
    expect(cycles(files).join('\n')).toBe('');
  });

  it('gives every npm package one home', () => {
    expect(files.flatMap(strayPackages).join('\n')).toBe('');
    const used = new Set(files.flatMap((file) => file.packages));
    expect(Object.keys(homes).filter((name) => !used.has(name))).toEqual([]);
  });

  // Those that every call waits for. A package more is 30 to 150 ms of CPU: `npm run bench -- --sections startup`.
  it.each([
    { what: '--help', path: 'src/main.ts', packages: ['commander'] },
    { what: 'health', path: 'src/cli/health.ts', packages: ['ajv', 'chalk', 'js-yaml', 'kysely'] },
  ])('loads few packages for $what', ({ path, packages }) => {
    expect(loadedPackages(files, path)).toEqual(packages);
  });

  it('keeps process, console and the clock in bin and main.ts', () => {
    expect(
      files.filter((file) => area(file.path) !== 'bin' && area(file.path) !== 'main').flatMap((file) => linesWith(file, ambient)),
    ).toEqual([]);
  });

  it('names no dataset, not even in a comment', () => {
    expect(files.flatMap((file) => linesWith(file, datasetNames))).toEqual([]);
  });

  it('has no file that is too long to read', () => {
    expect(files.filter((file) => file.text.split('\n').length > longestLines + 1).map((file) => file.path)).toEqual([]);
  });

  it('leaves landed migrations as they are', () => {
    const migrations = files.filter((file) => /^migrations\/\d/.test(file.path));
    const landed = migrations.filter((file) => file.path in landedMigrations);
    expect(Object.fromEntries(landed.map((file) => [file.path, sha256(file.text)]))).toEqual(landedMigrations);
    // One may still be being written, the newest.
    const open = migrations.filter((file) => !(file.path in landedMigrations)).map((file) => file.path);
    expect(open).toEqual(
      migrations
        .slice(-1)
        .map((file) => file.path)
        .slice(0, open.length),
    );
  });
});

describe('the test of the architecture sees', () => {
  const made = (path: string, text: string) => codeFile(path, text);

  it.each([
    { title: 'through another file', text: "import { b } from './b.ts';\n", packages: ['kysely'] },
    { title: 'for an import without a name', text: "import './b.ts';\n", packages: ['kysely'] },
    { title: 'not for a type', text: "import type { B } from './b.ts';\n", packages: [] },
    { title: 'not for a lazy import', text: "const b = () => import('./b.ts');\n", packages: [] },
  ])('what is loaded: $title', ({ text, packages }) => {
    const pair = [
      made('src/a.ts', text),
      made('src/b.ts', "import { hash } from 'node:crypto';\nimport { sql } from 'kysely';\n"),
    ];
    expect(loadedPackages(pair, 'src/a.ts')).toEqual(packages);
  });

  it.each([
    { title: 'a step that knows the command line', path: 'src/run/a.ts', text: "import { b } from '../cli/run.ts';\n" },
    { title: 'a type', path: 'src/core/a.ts', text: "import type {\n  B,\n} from '../db/b.ts';\n" },
    { title: 'a re-export', path: 'src/core/a.ts', text: "export * from '../db/b.ts';\n" },
    { title: 'a lazy import', path: 'src/parse/a.ts', text: "const b = await import('../validate/b.ts');\n" },
    { title: 'an area that the table does not know', path: 'src/utils/a.ts', text: "import { b } from '../core/b.ts';\n" },
  ])('a forbidden import: $title', ({ path, text }) => {
    expect(forbiddenImports(made(path, text))).toHaveLength(1);
  });

  it('a cycle through three files', () => {
    const round = [
      made('src/core/a.ts', "import './b.ts';\n"),
      made('src/core/b.ts', "import { c } from './c.ts';\n"),
      made('src/core/c.ts', "import type { a } from './a.ts';\n"),
    ];
    expect(cycles(round)).toEqual(['src/core/a.ts > src/core/b.ts > src/core/c.ts > src/core/a.ts']);
  });

  it.each([
    { path: 'src/run/a.ts', text: "import pg from 'pg';\n" },
    { path: 'src/cli/a.ts', text: "import { sql } from 'kysely';\n" },
    { path: 'src/core/a.ts', text: "import left from '@left/pad/sub';\n" },
  ])('a package away from home: $text', ({ path, text }) => {
    expect(strayPackages(made(path, text))).toHaveLength(1);
  });

  it.each([
    { text: '// as in siconv_proposta.csv', isFound: true },
    { text: '// as in Propostas', isFound: true },
    { text: "const name = 'programa_proposta';", isFound: true },
    { text: 'program.command()', isFound: false },
  ])('a dataset’s name in $text: $isFound', ({ text, isFound }) => {
    expect(linesWith(made('src/a.ts', text), datasetNames).length > 0).toBe(isFound);
  });
});

/** `src/cli/run.ts` is in `cli`, `src/runs.ts` in `runs`. */
function area(path: string): string {
  const [top, next] = path.split('/');
  return top === 'src' ? next!.replace(/\.ts$/, '') : top!;
}

function forbiddenImports(file: CodeFile): string[] {
  const from = area(file.path);
  const allowed = mayImport[from] ?? [];
  return file.files
    .filter((path) => area(path) !== from && !allowed.includes(area(path)))
    .map((path) => `${file.path} > ${path}`);
}

function strayPackages(file: CodeFile): string[] {
  const isStray = (name: string) =>
    !name.startsWith('node:') && !homes[name]?.some((home) => home === file.path || home === area(file.path));
  return file.packages.filter(isStray).map((name) => `${file.path} > ${name}`);
}

/** The npm packages that are loaded with a file. */
function loadedPackages(all: readonly CodeFile[], path: string): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const loaded = new Set([path]);
  // A Set gives what is added on the way too.
  for (const name of loaded) for (const next of byPath.get(name)?.eager ?? []) loaded.add(next);
  return [...loaded].filter((name) => !byPath.has(name) && !name.startsWith('node:')).toSorted();
}

function cycles(all: readonly CodeFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' > '));
    else if (!done.has(path)) for (const next of byPath.get(path)?.files ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const file of all) visit(file.path, []);
  return found;
}

function linesWith(file: CodeFile, pattern: RegExp): string[] {
  return file.text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : []));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
