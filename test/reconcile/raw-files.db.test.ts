import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binary } from '../e2e/workspace.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { audit, auditOf, clean, found } from './audit.ts';

describe('a raw file', () => {
  it.each(['counts', 'keys', 'content'] as const)('that is gone is said so, and is no mismatch: level %s', async (level) => {
    await using told = await story(configOf(obras()));
    await told.day(csv('1;a;;;'));
    await told.project.take('2026-11-01', 'obras.csv');
    const report = await auditOf(told.project, 'obras', { level });
    expect(report).toMatchObject({ match: true, level: 'counts', sources: [{ state: 'gone', rows: null }] });
    expect(report.notes[0]).toMatch(/^the raw file .*2026-11-01\/obras\.csv is gone/);
  });

  it('that was changed is said so, and is no mismatch', async () => {
    await using told = await story(configOf(obras()));
    const { dataset } = await told.day(csv('1;a;;;'));
    await told.project.put('2026-11-01', 'obras.csv', csv('1;b;;;'));
    const report = await auditOf(told.project);
    expect(report).toMatchObject({
      match: true,
      level: 'counts',
      sources: [{ state: 'changed', sha256: dataset.sources[0]!.sha256 }],
    });
    expect(report.notes[0]).toContain('has changed since');
  });

  it('that another run read elsewhere is taken from there', async () => {
    await using told = await story(configOf(obras()));
    const content = csv('1;a;;;');
    await told.day(content);
    expect((await told.day(content)).run.status).toBe('unchanged');
    await told.project.take('2026-11-01', 'obras.csv');
    expect(await auditOf(told.project)).toMatchObject({ match: true, level: 'content', sources: [{ state: 'same' }] });
  });

  it('that is gone leaves the stored hashes to compare the values with', async () => {
    await using told = await story(configOf(obras()));
    await told.day(csv('1;a;;;', '2;b;1,50;;'));
    await told.project.take('2026-11-01', 'obras.csv');
    await told.project.query("UPDATE obras SET valor = 1.51 WHERE id = '2'");
    expect(await auditOf(told.project)).toMatchObject({
      match: false,
      different: 1,
      samples: [{ kind: 'altered', id: '2', row: 3 }],
    });
    expect(await auditOf(told.project, 'obras', { level: 'keys' })).toMatchObject({ match: true });
  });

  it('of one dataset that is gone leaves the others to be compared', async () => {
    const two = configOf(obras(), obras().replace('name: obras', 'name: pontes').replace('entity: obra', 'entity: ponte'));
    await using told = await story(two);
    await told.files({ 'obras.csv': csv('1;a;;;'), 'pontes.csv': csv('1;b;;;') });
    await told.project.take('2026-11-01', 'obras.csv');
    expect((await audit(told.project)).datasets.map(({ level }) => level)).toEqual(['counts', 'content']);
  });
});

describe('a load that commits meanwhile', () => {
  it('is no difference', async () => {
    await using told = await story(configOf(obras()));
    const first = await told.day(csv('1;a;;;', '2;b;;;'));
    await told.project.put('2026-11-02', 'obras.csv', csv('1;A;;;', '3;c;;;', '4;d;;;'));
    await writeFile(join(told.project.folder, '.env'), '');
    let runs = 0;
    // Inside the audit's transaction; the process that loads ends before the audit goes on.
    const onProgress = () => {
      if (runs++ > 0) return;
      const env = { PATH: process.env['PATH'], DATABASE_URL: told.project.databaseUrl };
      execFileSync(process.execPath, [binary, 'run', '--yes'], { cwd: told.project.folder, env });
    };
    const report = await auditOf(told.project, 'obras', { onProgress });
    expect(report).toMatchObject({ run_id: first.run.run_id, db_count: 2, match: true, explained: {} });
    expect(runs).toBeGreaterThan(1);
    const next = await auditOf(told.project);
    expect(found(next)).toEqual(clean);
    expect(next.db_count).toBe(3);
  });
});
