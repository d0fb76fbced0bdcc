import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LineageReport } from '../../src/lineage/versions.ts';
import { createWorkspace, day, dayOne, type Workspace } from './workspace.ts';

const yaml = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
    - name: contratos
      entity: contrato
      key: [ano, numero]
      required_values: [ano]
      max_vanished_percent: 100
      columns:
        ano: {}
        numero: {}
        valor: { type: "decimal(18,2)" }
        responsavel: { from: [CPF], format: cpf }
`;

const header = 'ANO;NUMERO;VALOR;CPF\n';
const days = {
  '2026-11-18': `${header}2025;1|2;10;529.982.247-25\n2025;;7;\n`,
  '2026-11-19': `${header}2025;1|2;12,5;111.444.777-35\n2025;;7;\n`,
  '2026-11-20': `${header}2025;;7;\n`,
  '2026-11-21': `${header}2025;1|2;12,5;111.444.777-35\n2025;;7;\n`,
};

describe('lineage show', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace(yaml);
    for (const [date, content] of Object.entries(days)) {
      await workspace.put(date, 'contratos.csv', content);
      const { error } = await workspace.run({ date });
      if (error) throw new Error(error.message);
    }
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  const show = (...args: string[]) => workspace.projetus(['lineage', 'show', ...args]);

  it('tells every version, oldest first, as JSON', async () => {
    const { code, stdout, stderr } = await show('contrato', '2025', '1|2', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout) as LineageReport;
    expect(report).toMatchObject({ schema: 'projetus.lineage/1', entity: 'contrato', id: '2025|1\\|2', exists: true });
    expect(report.versions.map(({ operation, row }) => [operation, row])).toEqual([
      ['insert', 2],
      ['update', 2],
      ['vanish', null],
      ['restore', 2],
    ]);
    expect(report.versions[1]).toEqual({
      operation: 'update',
      run_id: expect.stringMatching(/^20261119T150000-/) as string,
      at: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/) as string,
      source_file: 'contratos.csv',
      source_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      sheet: null,
      row: 2,
      record_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      pipeline_version: '0.0.0+test',
      changes: { valor: { from: '10.00', to: '12.50' }, responsavel: { from: '***', to: '***' } },
    });
  });

  it('tells people the same, without the CPF', async () => {
    const { code, stdout } = await show('contrato', '2025', '1|2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^contrato 2025\|1\\\|2 \(present\)\ninsert .* contratos\.csv:2\n/);
    expect(stdout).toContain('valor: "10.00" → "12.50"');
    expect(stdout).toContain('responsavel: "***" → "***"');
    expect(stdout).not.toMatch(/529\.?982|111\.?444/);
  });

  it('takes \\N for a blank part of a key', async () => {
    const { code, stdout } = await show('contrato', '2025', '\\N');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^contrato 2025\|\\N \(present\)\ninsert/) as string,
    });
  });

  it('says of an unknown id that it does not exist, and ends with 0', async () => {
    const { code, stdout } = await show('contrato', '1999', '1', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'projetus.lineage/1',
      entity: 'contrato',
      id: '1999|1',
      exists: false,
      versions: [],
    });
    expect(await show('contrato', '1999', '1')).toMatchObject({ code: 0, stdout: 'contrato 1999|1: never seen\n' });
  });

  it('refuses an unknown entity with a suggestion', async () => {
    expect(await show('contratos', '1')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/no entity contratos\.\n {2}next: did you mean contrato\?/) as string,
    });
  });
});

describe('lineage show on a database that was never loaded', () => {
  it('knows no record, and makes no tables', async () => {
    await using workspace = await createWorkspace();
    const { code, stdout } = await workspace.projetus(['lineage', 'show', 'obra', '1', '--json']);
    expect({ code, report: JSON.parse(stdout) as object }).toMatchObject({ code: 0, report: { exists: false, versions: [] } });
    expect(await workspace.projetus(['lineage', 'show', 'obras', '1'])).toMatchObject({ code: 2 });
    expect(await workspace.state()).toEqual([]);
  });

  it('works on the embedded database too', async () => {
    await using workspace = await createWorkspace(undefined, 'pglite');
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['run', '--quiet'])).toMatchObject({ code: 0 });
    expect(await workspace.projetus(['lineage', 'show', 'obra', '3'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^obra 3 \(present\)/) as string,
    });
  });
});
