import { describe, expect, it } from 'vitest';
import {
  assertDecent,
  binary,
  createWorkspace,
  day,
  dayOne,
  manyObras,
  obrasConfig,
  startProcess,
  type Ended,
  type Environment,
  type Workspace,
} from './workspace.ts';

const escape = '\u001b';
const colour = new RegExp(`${escape}\\[\\d+m`);

/** The command on a pseudo-terminal, as a person has it: stdout and stderr come together. `answer` is typed when it asks. */
async function onTerminal(workspace: Workspace, args: readonly string[], env: Environment = {}, answer = ''): Promise<Ended> {
  const command = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
  const variables = { DATABASE_URL: workspace.databaseUrl, TERM: 'xterm', ...env };
  const { child, ended } = startProcess('script', ['-qec', command, '/dev/null'], workspace.folder, variables);
  child.stdout!.on('data', (text: string) => text.includes('[y/N]') && child.stdin!.write(`${answer}\n`));
  const end = await ended;
  assertDecent(end);
  return end;
}

async function workspaceWithFile(content = dayOne): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.put(day, 'obras.csv', content);
  return workspace;
}

describe('on a terminal', () => {
  it('a run prints a coloured table, and draws its progress on a line that is gone at the end', async () => {
    await using workspace = await workspaceWithFile(manyObras(100_000));
    const { code, stdout } = await onTerminal(workspace, ['run']);
    expect(code).toBe(0);
    expect(stdout.split(`\r${escape}[K`)).toContainEqual(expect.stringMatching(/^reading obras: obras\.csv, [\d,]+ rows$/));
    expect(stdout).toMatch(/dataset +status +read +inserted/);
    expect(stdout).toMatch(/obras +loaded +100,000 +100,000/);
    expect(stdout).toMatch(colour);
    expect(stdout).toContain('Published: 100,000 changes');
  });

  it.each<{ args: string[]; env: Environment }>([
    { args: ['run'], env: { NO_COLOR: '1' } },
    { args: ['run', '--no-color'], env: {} },
    { args: ['run', '--no-color'], env: { FORCE_COLOR: '1' } },
  ])('has no colours with $args and $env', async ({ args, env }) => {
    await using workspace = await workspaceWithFile();
    const { code, stdout } = await onTerminal(workspace, args, env);
    expect(code).toBe(0);
    expect(stdout).toContain('Published: 3 changes');
    expect(stdout).not.toMatch(colour);
  });

  it('obeys no control character of a file name, a header or a cell', async () => {
    await using workspace = await createWorkspace(obrasConfig.replace('key: [id]', 'key: [id]\n      max_rejected_percent: 50'));
    const evil = `${escape}]0,owned\u0007${escape}[31m\u009b2J\u202e`;
    await workspace.put(day, 'obras.csv', `ID_OBRA;VALOR;NOME;${evil}\n1;1;Ponte;x\n2;${evil};Escola;y\n`);
    await workspace.put(day, `nota${evil.replace('/', '')}.doc`, '');
    const { code, stdout } = await onTerminal(workspace, ['run', '--verbose', '--no-color']);
    expect(code).toBe(0);
    expect(stdout).toContain('\\u001b]0,owned\\u0007');
    expect(stdout).toContain('\\u009b2J');
    // oxlint-disable-next-line no-control-regex
    expect(stdout.replaceAll('\r\u001b[K', '')).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
    const json = await workspace.projetus(['run', '--force', '--json']);
    expect(json.stdout).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect((JSON.parse(json.stdout) as { unexpected_files: string[] }).unexpected_files).toEqual([`nota${evil}.doc`]);
  });

  it.each([
    { answer: 'n', code: 2, rows: 3 },
    { answer: 'y', code: 0, rows: 4 },
  ])('asks before it loads into a server that holds data; $answer ends with $code', async ({ answer, code, rows }) => {
    await using workspace = await workspaceWithFile();
    expect(await onTerminal(workspace, ['run', '--quiet'])).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('[y/N]') as string,
    });
    await workspace.put(day, 'obras.csv', `${dayOne}4;1;Rua\n`);
    const ended = await onTerminal(workspace, ['run'], {}, answer);
    expect(ended.stdout).toMatch(/holds data of earlier runs\. Load into it\? \[y\/N\]/);
    expect(ended.code).toBe(code);
    expect(ended.stdout.includes('[declined]')).toBe(code === 2);
    expect(await workspace.query('SELECT count(*)::int AS rows FROM obras')).toEqual([{ rows }]);
  });

  it('does not ask with --yes', async () => {
    await using workspace = await workspaceWithFile();
    await workspace.run({ date: day });
    const { code, stdout } = await onTerminal(workspace, ['run', '--yes', '--force']);
    expect({ code, asked: stdout.includes('[y/N]') }).toEqual({ code: 0, asked: false });
  });
});

describe('in a pipe', () => {
  it('a run is one plain line per dataset, asks nothing, and is silent on stderr', async () => {
    await using workspace = await workspaceWithFile();
    await workspace.projetus(['run', '--date', day]);
    const { code, stdout, stderr } = await workspace.projetus(['run', '--force', '--date', day]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout:
        'obras unchanged read=3 inserted=0 updated=0 unchanged=3 restored=0 duplicate=0 filtered=0 rejected=0 vanished=0 stored=3\n',
      stderr: '',
    });
  });

  it('is coloured with FORCE_COLOR alone', async () => {
    await using workspace = await workspaceWithFile();
    const forced = await workspace.projetus(['run', '--verbose'], { FORCE_COLOR: '1' });
    expect(forced.stdout).toMatch(colour);
    const plain = await workspace.projetus(['run', '--verbose']);
    expect(plain.stdout).not.toContain(escape);
  });

  it('--quiet prints nothing when all is well, and the error when it is not', async () => {
    await using workspace = await workspaceWithFile();
    expect(await workspace.projetus(['run', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await workspace.put(day, 'obras.csv', '');
    const failed = await workspace.projetus(['run', '--quiet']);
    expect(failed).toMatchObject({ code: 7, stderr: expect.stringMatching(/^error \[source-empty\]/) as string });
  });

  it('--verbose says how every file was read, and which keys have no effect', async () => {
    await using workspace = await workspaceWithFile();
    await workspace.configure(obrasConfig.replace('name: obras', 'name: obras\n      distribution: reference'));
    const { code, stdout, stderr } = await workspace.projetus(['run', '--verbose']);
    expect(code).toBe(0);
    for (const fact of [/obras: obras\.csv/, /sha256 [0-9a-f]{64}/, /utf-8/i, /id = ID_OBRA/, /3 rows, 0 blank/, /CREATE TABLE/])
      expect(stdout).toMatch(fact);
    expect(stderr).toMatch(/distribution of the dataset obras has no effect/);
  });

  it('--verbose shows where a bug was, and without it there is only the message', async () => {
    await using workspace = await workspaceWithFile();
    await workspace.run({ date: day });
    // Stands for a bug: a table that our own statements do not fit.
    await workspace.query('ALTER TABLE runs RENAME COLUMN pid TO process');
    expect(await workspace.projetus(['run'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error \[unexpected\] [^\n]+\n/) as string,
    });
    const { code, stderr } = await workspace.start(['run', '--verbose']).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\s+at .*announceRun .*\.js:\d+/m);
    expect(stderr).not.toContain('s3cr3t-canary');
  });

  it('--json prints one document, and nothing else on stdout', async () => {
    await using workspace = await workspaceWithFile();
    const { code, stdout, stderr, report } = await workspace.runJson(['--verbose']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\{\n[^]*\n\}\n$/);
    expect(report).toMatchObject({
      schema: 'projetus.run/1',
      mode: 'run',
      status: 'success',
      exit_code: 0,
      datasets: [
        {
          name: 'obras',
          entity: 'obra',
          table: 'obras',
          status: 'loaded',
          balanced: true,
          stored: 3,
          sources: [{ file: 'obras.csv', rows: 3 }],
        },
      ],
      error: null,
    });
    expect(await workspace.query("SELECT id, report->>'status' AS status FROM runs")).toEqual([
      { id: report.run_id, status: 'success' },
    ]);
  });

  it('--strict turns a warning into exit code 3, and publishes all the same', async () => {
    await using workspace = await workspaceWithFile();
    await workspace.put(day, 'leia-me.doc', 'x');
    const { code, report } = await workspace.runJson(['--strict']);
    expect({ code, report }).toMatchObject({
      code: 3,
      report: { status: 'success', exit_code: 3, alerts: [{ code: 'file-unexpected' }] },
    });
    expect(await workspace.query('SELECT count(*)::int AS n FROM obras')).toEqual([{ n: 3 }]);
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 0 });
  });

  it('--dataset loads a part, and --date the folder of a day', async () => {
    await using workspace = await createWorkspace(
      `${obrasConfig}    - name: pontes\n      key: [id]\n      columns: { id: {} }\n`,
    );
    for (const date of [day, '2026-11-21']) await workspace.put(date, 'obras.csv', dayOne);
    const { code, report } = await workspace.runJson(['--dataset', 'obras', '--date', day]);
    expect({ code, report }).toMatchObject({ code: 0, report: { business_date: day, datasets: [{ name: 'obras' }] } });
    const absent = await workspace.runJson(['--date', '2026-11-19']);
    expect(absent).toMatchObject({
      code: 7,
      report: { error: { code: 'source-missing', hint: expect.stringContaining('2026-11-21') as string } },
    });
  });
});
