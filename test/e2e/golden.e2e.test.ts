import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/core/report.ts';
import { root } from '../support/code-files.ts';
import { createProject } from '../support/project.ts';

/** One configuration for all fixtures: what differs between the reports is the file. */
const yaml = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
    - name: obras
      entity: obra
      match: ["*"]
      key: [id]
      required_columns: [id, nome]
      required_values: [id, nome]
      max_rejected_percent: 100
      columns:
        id: { from: [ID_OBRA] }
        valor: { from: [VL_OBRA], type: "decimal(18,2)", minimum: 0 }
        inicio: { from: [DT_INICIO], type: date }
        nome: { from: [NM_OBRA], maxLength: 40 }
        uf: { from: [SG_UF], format: uf }
`;

const fixtures = join(root, 'test/fixtures');
const golden = join(root, 'test/golden');
const day = '2026-11-20';
const names = (await readdir(fixtures)).filter((name) => !['README.md', 'databases'].includes(name)).toSorted();

describe('the report and the records of a whole run', () => {
  it.each(names)('on %s are those of its golden file', async (name) => {
    await using project = await createProject(yaml);
    await project.put(day, name, await readFile(join(fixtures, name)));
    const report = await project.run({ date: day });
    const records =
      report.status === 'success'
        ? await project.query('SELECT id, valor, inicio::text, nome, uf, _row FROM obras ORDER BY id')
        : [];
    const text = `${JSON.stringify({ report: withoutChance(report), records }, null, 2)}\n`;
    const path = join(golden, `${name}.json`);
    // UPDATE_GOLDEN=1 rewrites them; the difference is for a reviewer to read.
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(path, text);
    expect(text).toBe(await readFile(path, 'utf8'));
  });

  it('has no golden file without a fixture', async () => {
    expect((await readdir(golden)).toSorted()).toEqual(names.map((name) => `${name}.json`).toSorted());
  });
});

/** A report without what differs from run to run, and with folders named by what they are. */
function withoutChance(report: RunReport): object {
  const moment = '<moment>';
  return { ...report, run_id: '<run>', started_at: moment, finished_at: moment, duration_ms: 0, config_hash: '<hash>' };
}
