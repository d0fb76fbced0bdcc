import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configOf, counted, csv, obras, story } from './story.ts';

// An embedded database costs seconds to open: what goes another way there than on PostgreSQL is in this one story.
describe('on the embedded database', () => {
  it('rejects, duplicates, vanishing, lineage and a dead lock are what they are on PostgreSQL', async () => {
    await using days = await story(configOf(obras('key: [id, nome]', 'required_values: [id]')), 'pglite');
    const lock = join(days.project.folder, 'data/db.lock');
    const first = await days.day(csv('1;a;1;;', '1;a;1;;', '2;;x;;', '3;c|d;;2025;'));
    expect(first.run.error).toBe(null);
    expect(first.counts).toEqual(counted({ read: 4, inserted: 2, duplicate: 1, rejected: 1, new_rejects: 1 }));

    await writeFile(lock, JSON.stringify({ pid: 999_999_999, hostname: 'elsewhere', startedAt: '' }));
    const locked = await days.project.run({ date: '2026-11-01' });
    expect(locked).toMatchObject({ exit_code: 11, error: { code: 'locked' } });
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: 999_999_999 });
    const host = { pid: process.pid, hostname: 'elsewhere', user: 'test', isAlive: () => false };
    const second = await days.day(csv('1;a;2;;', '4;;;;'), { host });
    expect(second.counts).toEqual(counted({ read: 2, updated: 1, inserted: 1, vanished: 1 }));
    await expect(readFile(lock)).rejects.toMatchObject({ code: 'ENOENT' });

    expect((await days.lineage('3|c\\|d')).versions.map(({ operation }) => operation)).toEqual(['insert', 'vanish']);
    expect((await days.lineage('1|a')).versions).toMatchObject([{}, { changes: { valor: { from: '1.00', to: '2.00' } } }]);
    expect(await days.quarantine()).toMatchObject([{ raw: ['2', '', 'x', '', ''], status: 'gone' }]);
  }, 120_000);
});
