import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkspace, day, dayOne, obrasConfig, type Workspace } from './workspace.ts';

type BadConfig = {
  readonly title: string;
  readonly yaml: string;
  readonly error: { readonly code: string; readonly line?: number; readonly column?: number };
  readonly says: readonly RegExp[];
};

const badConfigs: readonly BadConfig[] = [
  {
    title: 'YAML that is none',
    yaml: 'extraction:\n  files: [ {name: obras\n',
    error: { code: 'config-syntax' },
    says: [/config\.yaml/, /line \d+/i],
  },
  {
    title: 'a key that does not exist, with a suggestion and its place',
    yaml: obrasConfig.replace('      entity: obra', '      entitty: obra'),
    error: { code: 'config-invalid', line: 6, column: 7 },
    says: [/config\.yaml:6:7/, /entitty/, /entity/],
  },
  {
    title: 'all missing variables in one error',
    yaml: obrasConfig.replace('${DATABASE_URL}', '${NO_SUCH_URL}') + 'monitoring: { ping_url: "${NO_SUCH_PING}" }\n',
    error: { code: 'config-variable-missing' },
    says: [/NO_SUCH_URL/, /NO_SUCH_PING/],
  },
  {
    title: 'a value of the wrong kind, without the value of a variable',
    yaml: obrasConfig.replace('key: [id]', 'key: [id]\n      max_rejected_percent: "${A_SECRET}"'),
    error: { code: 'config-invalid' },
    says: [/max_rejected_percent/],
  },
  {
    title: 'a key of columns that are not declared',
    yaml: obrasConfig.replace('key: [id]', 'key: [ide]'),
    error: { code: 'config-invalid', line: 7 },
    says: [/\bide\b/, /\bid\b/],
  },
];

describe('a bad configuration', () => {
  it.each(badConfigs)('is one error and exit code 2: $title', async ({ yaml, error, says }) => {
    await using workspace = await createWorkspace(yaml);
    await workspace.put(day, 'obras.csv', dayOne);
    const before = await workspace.state();
    const { code, stderr, report } = await workspace.runJson([], { A_SECRET: 's3cr3t-canary' });
    expect({ code, report }).toMatchObject({ code: 2, report: { status: 'failed', exit_code: 2, datasets: [], error } });
    expect(stderr).toContain(`error [${error.code}]`);
    for (const pattern of says) expect(stderr).toMatch(pattern);
    expect(await workspace.state()).toEqual(before);
  });

  it('is said on stderr alone, and nothing on stdout, without --json', async () => {
    await using workspace = await createWorkspace('nonsense: 1\n');
    const { code, stdout, stderr } = await workspace.projetus(['run']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error \[config-invalid\] [^]*nonsense/);
  });

  it.each([
    ['run', 'projetus.run/1'],
    ['lineage show obra 1', 'projetus.error/1'],
  ])('that is not there stops %s, which says how to name one', async (command, schema) => {
    await using workspace = await createWorkspace();
    await rm(join(workspace.folder, 'config.yaml'));
    const { code, stdout, stderr } = await workspace.projetus([...command.split(' '), '--json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error \[config-not-found\] there is no config\.yaml\n {2}next: .*--config/);
    expect(JSON.parse(stdout)).toMatchObject({ schema, error: { code: 'config-not-found', file: 'config.yaml' } });
  });

  it('in another folder is read with --config, and its paths are relative to it', async () => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    const { code } = await workspace.projetus(['--config', join(workspace.folder, 'config.yaml'), 'run', '--quiet'], {
      HOME: '/',
    });
    expect(code).toBe(0);
    expect(await workspace.query('SELECT count(*)::int AS n FROM obras')).toEqual([{ n: 3 }]);
  });
});

describe('the command line', () => {
  let workspace: Workspace;
  beforeAll(async () => void (workspace = await createWorkspace()));
  afterAll(() => workspace[Symbol.asyncDispose]());

  it.each([
    { args: ['run', '--stric'], says: /unknown option.*--stric[^]*did you mean.*--strict/i },
    { args: ['rum'], says: /unknown command.*rum[^]*did you mean run/i },
    { args: ['lineage', 'sow'], says: /unknown command.*sow[^]*did you mean show/i },
    { args: ['run', '--dataset', 'obra'], says: /There is no dataset obra\.[^]*did you mean obras/ },
    { args: ['run', '--dataset'], says: /argument missing/ },
    { args: ['run', '--date', '2026-02-30'], says: /2026-02-30 is not a day[^]*YYYY-MM-DD/ },
    { args: ['run', 'everything'], says: /too many arguments/ },
    { args: ['lineage', 'show', 'obra'], says: /missing required argument 'id'/ },
  ])('refuses $args with a suggestion and exit code 2', async ({ args, says }) => {
    const { code, stdout, stderr } = await workspace.projetus([...args, '--json']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(says) as string });
    expect(stderr).toMatch(/^error \[usage\] [^]*\n {2}next: /);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: args[0] === 'run' ? 'projetus.run/1' : 'projetus.error/1',
      error: { code: 'usage' },
    });
  });

  it('prints the package’s version and the commit that Railway names', async () => {
    const sha = '0123456789abcdef0123456789abcdef01234567';
    const { code, stdout, stderr } = await workspace.projetus(['--version'], { RAILWAY_GIT_COMMIT_SHA: sha });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\+0123456\n$/) as string,
      stderr: '',
    });
  });

  it.each([['--help'], ['run --help'], ['lineage --help'], ['lineage show --help'], ['help run']])(
    'answers %s on stdout with examples and exit codes',
    async (command) => {
      const { code, stdout, stderr } = await workspace.projetus(command.split(' '));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage: projetus');
      expect(stdout).toMatch(/Examples:\n {2}(\w+=\S+ )?projetus /);
      expect(stdout).toMatch(/Exit codes:\n {4}0 {2}done/);
      expect(stdout).toContain('--no-color');
    },
  );

  it('lists no command that does not answer for itself', async () => {
    const { stdout } = await workspace.projetus(['--help']);
    const commands = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+) .{2,}/gm)].map((match) => match[1]!);
    expect(commands).toEqual(expect.arrayContaining(['run', 'lineage']));
    for (const command of commands.filter((name) => name !== 'help' && name !== 'projetus'))
      expect(await workspace.projetus([command, '--help'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`Usage: projetus ${command}`) as string,
      });
  });

  it('shows its help and ends with 2 when it is given no command', async () => {
    const { code, stdout, stderr } = await workspace.projetus([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: projetus');
  });
});
