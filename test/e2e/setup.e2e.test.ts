import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWorkspace, day, dayOne, obrasConfig } from './workspace.ts';

describe('from nothing to the first run', () => {
  it('takes init with a file, validate, doctor and run', async () => {
    await using workspace = await createWorkspace();
    await writeFile(join(workspace.folder, 'obras 2026.csv'), dayOne);
    const init = await workspace.projetus(['init', 'place', '--from', 'obras 2026.csv']);
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(init.stdout).toMatch(/\+ config\.yaml[^]*\+ \.env[^]*Next:[^]*projetus validate/);

    const config = ['--config', 'place/config.yaml'];
    const none = await workspace.projetus(['validate', ...config]);
    expect(none).toMatchObject({ code: 0, stdout: expect.stringMatching(/is valid: 1 dataset;[^]*no file today/) as string });
    await workspace.put('../../place/data/raw/2026-11-20', 'obras 2026.csv', dayOne);
    const validate = await workspace.projetus(['validate', '--json', ...config]);
    expect({ code: validate.code, report: JSON.parse(validate.stdout) as unknown }).toMatchObject({
      code: 0,
      report: {
        schema: 'projetus.validate/1',
        valid: true,
        datasets: [
          {
            name: 'obras',
            key: ['id_obra'],
            files: [{ file: 'obras 2026.csv', header_row: 1, error: null, columns: { missing: [] } }],
          },
        ],
      },
    });
    const doctor = await workspace.projetus(['doctor', '--json', ...config]);
    expect({ code: doctor.code, report: JSON.parse(doctor.stdout) as unknown }).toMatchObject({
      code: 0,
      report: { schema: 'projetus.doctor/1', status: 'warnings', exit_code: 0 },
    });
    expect(await workspace.projetus(['run', ...config])).toMatchObject({ code: 0, stderr: '' });
    expect(await workspace.query('SELECT valor::text FROM obras ORDER BY id_obra')).toEqual([
      { valor: '10.50' },
      { valor: '20.00' },
      { valor: null },
    ]);
  });

  it('init prints a guessed block on stdout alone, and writes nothing', async () => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    const before = await readFile(join(workspace.folder, 'config.yaml'), 'utf8');
    const { code, stdout, stderr } = await workspace.projetus(['init', '--from', `data/raw/${day}/obras.csv`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^3 of 3 rows load with it; /) as string });
    expect(stdout).toMatch(/^# Guessed by [^]*\n- name: obras #/);
    expect(await readFile(join(workspace.folder, 'config.yaml'), 'utf8')).toBe(before);
    const json = await workspace.projetus(['init', '--json', '--from', `data/raw/${day}/obras.csv`]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'projetus.init/1',
      dataset: 'obras',
      block: stdout,
      rows: 3,
      rejected: 0,
    });
  });

  it.each([
    { args: ['init', '.'], code: 2, says: /^error \[usage\] There is a config\.yaml/ },
    { args: ['init', '--from', 'no.csv'], code: 7, says: /^error \[source-unreadable\] .*no\.csv/ },
    { args: ['init', 'a', 'b'], code: 2, says: /too many arguments/ },
    { args: ['completion'], code: 2, says: /missing required argument/ },
    { args: ['completion', 'tcsh'], code: 2, says: /bash, zsh, fish/ },
  ])('$args is refused with $code', async ({ args, code, says }) => {
    await using workspace = await createWorkspace();
    const end = await workspace.projetus(args);
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code, stdout: '' });
    expect(end.stderr).toMatch(says);
  });

  it('schema prints what the package ships, and completion a script', async () => {
    await using workspace = await createWorkspace();
    const shipped = await readFile(new URL('../../config.schema.json', import.meta.url), 'utf8');
    expect(await workspace.projetus(['schema'])).toMatchObject({ code: 0, stdout: shipped, stderr: '' });
    expect(await workspace.projetus(['completion', 'bash'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('complete -o default -F _projetus projetus') as string,
    });
  });
});

describe('validate', () => {
  it('says which file does not fit, why, and what to change, with exit code 2', async () => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', 'CODIGO;VALOR;NOME\n1;2;a\n');
    await workspace.put(day, 'notas.csv', 'A;B\n1;2\n');
    const { code, stdout, stderr } = await workspace.projetus(['validate']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(stdout).toMatch(/✗ obras: obras\.csv\n +\[header-missing\] .*\n +next: [^]*! notas\.csv matches no dataset/);
  });

  it('names unknown and missing columns', async () => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', 'ID_OBRA;VALOR;UF\n1;2;SP\n');
    const { code, stdout } = await workspace.projetus(['validate', '--verbose']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/2 of 3 columns\n +not in the file: nome\n +not in the configuration: UF\n +id = ID_OBRA/);
    expect(await workspace.projetus(['validate', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('needs neither a database nor raw files', async () => {
    await using workspace = await createWorkspace();
    await rm(join(workspace.folder, 'data'), { recursive: true });
    const end = await workspace.projetus(['validate'], { DATABASE_URL: 'postgres://u:s3cr3t-canary@127.0.0.1:1/x' });
    expect(end).toMatchObject({ code: 0, stdout: expect.stringContaining('no folder of raw files') as string });
  });

  it.each([
    { title: 'a wrong key', yaml: obrasConfig.replace('key:', 'keyy:'), error: 'config-invalid' },
    {
      title: 'a variable that is not set',
      yaml: obrasConfig.replace('DATABASE_URL', 'NO_SUCH'),
      error: 'config-variable-missing',
    },
  ])('refuses $title with place and code, as a document too', async ({ yaml, error }) => {
    await using workspace = await createWorkspace(yaml);
    const { code, stdout, stderr } = await workspace.projetus(['validate', '--json']);
    expect({ code, report: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 2,
      report: {
        schema: 'projetus.validate/1',
        valid: false,
        exit_code: 2,
        error: { code: error, line: expect.any(Number) as number },
      },
    });
    expect(stderr).toMatch(new RegExp(`^error \\[${error}\\]`));
  });

  it('says that two datasets claim one file', async () => {
    const twice = obrasConfig.replace(
      /( {4}- name: )obras([^]*)$/,
      '$1obras\n      match: ["*a.cs*"]$2$1b\n      match: ["*.csv"]\n      key: [id]\n',
    );
    await using workspace = await createWorkspace(twice);
    await workspace.put(day, 'a.csv', dayOne);
    const { code, stderr } = await workspace.projetus(['validate']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error \[file-ambiguous\] .*a\.csv/) as string });
  });
});

it('doctor shows a line for each finding and the fix below, quietly only what is wrong', async () => {
  await using workspace = await createWorkspace();
  await workspace.put(day, 'obras.csv', dayOne);
  const all = await workspace.projetus(['doctor']);
  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(all.stdout).toMatch(
    /^✓ node +Node \d[^]*✓ database +PostgreSQL \d[^]*! channels +no channel[^]*\n +fix: [^]*Ready, with warnings\.\n$/,
  );
  const quiet = await workspace.projetus(['doctor', '--quiet']);
  expect(quiet.stdout).not.toContain('✓');
  const down = await workspace.projetus(['doctor', '--quiet'], { DATABASE_URL: 'postgres://u:s3cr3t-canary@127.0.0.1:1/x' });
  expect(down).toMatchObject({ code: 75, stdout: expect.stringMatching(/✗ database +.*\n +fix: [^]*Not ready/) as string });
});
