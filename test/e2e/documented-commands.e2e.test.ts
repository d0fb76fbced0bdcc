import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/code-files.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { binary, startProcess, type Ended } from './workspace.ts';

const documents = ['README.md', ...(await readdir(join(root, 'docs'))).map((name) => `docs/${name}`)];

/** What is shown and not run here, and why. Everything else is. */
const notRun: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm test$/, 'it is what runs this test'],
  [/^npm run bench/, 'an hour; bench/ has a short form of its own'],
  [/^sudo /, 'changes the machine; doctor and setup tests read the units'],
  [/^docker /, 'there is no engine; npm run container does the steps'],
  [/^EMAIL_/, 'variables, not commands'],
  [/--serve /, 'keeps running; health.e2e serves'],
  [/^pg_dump|^pg_restore/, 'of PostgreSQL; upgrade.db restores a dump'],
];

/** Exit codes other than 0 that are an answer, too. */
const answers: readonly (readonly [RegExp, readonly number[]])[] = [
  // What time it is decides whether today's run is missing.
  [/projetus health/, [0, 3, 6]],
  // The shipped configuration has no channels and no addresses.
  [/projetus alerts test|projetus fetch/, [2]],
];

type Shown = { readonly language: 'sh' | 'sql'; readonly command: string };

/** The commands of a document, in its order: fenced blocks of sh and sql, and `npx projetus …` within the text. */
function commandsOf(text: string): readonly Shown[] {
  return [...text.matchAll(/^```(sh|sql)\n(.*?)^```$|`(npx projetus [^`]+)`/gms)].flatMap(
    ([, language, block, inline]): Shown[] => {
      if (inline !== undefined) return [{ language: 'sh', command: inline }];
      if (language === 'sql') return [{ language, command: block! }];
      // A quote that is still open goes on in the next line.
      return block!.split(/\n(?=(?:[^']*'[^']*')*[^']*$)/).flatMap((line) => {
        const command = line.replace(/\s+# .*$/, '').trim();
        return command === '' ? [] : [{ language: 'sh', command }];
      });
    },
  );
}

/** A folder as after `git clone` and `npm ci`, with a `projetus` for npx, and a database. */
async function createClone() {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-clone-'));
  for (const name of ['config.yaml', 'config.schema.json', '.env.example', 'data/raw'])
    await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${binary}" "$@"\n`);
  await chmod(join(folder, 'bin/npx'), 0o755);
  const sample = 'data/raw/2026-11-20/siconv_convenio.csv';
  await cp(join(root, sample), join(folder, 'FILE.csv'));
  await cp(join(root, 'test/fixtures/workbook.xlsx'), join(folder, 'FILE.xlsx'));
  // Days to go back to, and the file whose origin is asked for.
  for (const day of ['2026-11-18', '2026-11-19'])
    await cp(join(root, 'data/raw/2026-11-20'), join(folder, 'data/raw', day), { recursive: true });
  const database = await createDatabase();
  const shell = (command: string, url: string | null): Promise<Ended> =>
    startProcess('bash', ['-c', command], folder, {
      PATH: `${folder}/bin:${process.env['PATH']!}`,
      ...(url === null ? {} : { DATABASE_URL: url }),
    }).ended;
  return {
    folder,
    database,
    shell,
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The names that stand for what only the reader knows. */
async function filledIn(command: string, folder: string, database: TestDatabase): Promise<string> {
  const textOf = async (select: string): Promise<string> => {
    const [row] = await database.query(select).catch(() => []);
    return typeof row?.['text'] === 'string' ? row['text'] : 'none';
  };
  const run = await textOf("SELECT id AS text FROM runs WHERE status = 'success' ORDER BY started_at DESC LIMIT 1");
  const file = await textOf('SELECT path AS text FROM extraction_logs ORDER BY id DESC LIMIT 1');
  const [first, second] = await database.query('SELECT id FROM quarantine ORDER BY id LIMIT 2').catch(() => []);
  return command
    .replaceAll('postgres://user:password@host/database', database.url)
    .replaceAll(/\b20261122T121500-3f9a1c\b|\bID\b/g, run)
    .replaceAll('data/raw/2026-11-22/FILE.csv', `'${file}'`)
    .replaceAll('/srv/projetus', join(folder, `project-${Math.random().toString(16).slice(2)}`))
    .replace(/(?<=quarantine \w+ )17\b/, String(first?.['id']))
    .replace(/(?<=quarantine \w+ \w+ )18\b/, String(second?.['id']));
}

describe.each(documents)('%s', (document) => {
  it('shows commands that work, in the order in which it shows them', { timeout: 300_000 }, async () => {
    const commands = commandsOf(await readFile(join(root, document), 'utf8'));
    if (commands.length === 0) return;
    await using clone = await createClone();
    // The README begins with the embedded database; the other documents are read by those who have a server, and have run once.
    if (document !== 'README.md') await clone.shell('npx projetus run --date 2026-11-18', clone.database.url);
    let url = document === 'README.md' ? null : clone.database.url;
    for (const { language, command } of commands) {
      if (notRun.some(([pattern]) => pattern.test(command))) continue;
      // Who has a server from there on has it in .env.
      if (command.includes('DATABASE_URL=')) url = clone.database.url;
      const told = await filledIn(command.replace('npm ci && ', ''), clone.folder, clone.database);
      if (language === 'sql') {
        // Roles belong to the server, not to our database.
        await clone.database.query(`BEGIN; ${told}; ROLLBACK`);
        continue;
      }
      const { code, stdout, stderr } = await clone.shell(told, url);
      const expected = answers.find(([pattern]) => pattern.test(command))?.[1] ?? [0];
      expect(expected, `${command}\n${stdout}\n${stderr}`).toContain(code);
    }
  });
});
