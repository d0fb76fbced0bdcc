import { truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';
import { beginLoading, rollBack } from '../../src/runs.ts';
import { configOf, csv, obras, story } from '../run/story.ts';

const manyRows = csv(Array.from({ length: 100_000 }, (_, id) => `${id};${'x'.repeat(60)};;;`).join('\n'));
const host = { pid: 1, hostname: 'x', user: 'x', isAlive: () => true };

describe('what goes away in the middle of a run:', () => {
  it('a file that is cut short while COPY is under way stops the run within ten seconds, and nothing is published', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    const path = await days.project.put('2026-11-02', 'obras.csv', manyRows);
    let cutAt = 0;
    const report = await days.project.run({
      date: '2026-11-02',
      onProgress: (progress) => {
        if (progress.phase !== 'reading' || cutAt > 0) return;
        cutAt = performance.now();
        truncateSync(path, manyRows.length / 2);
      },
    });
    expect(performance.now() - cutAt).toBeLessThan(10_000);
    expect(report).toMatchObject({ exit_code: 7, status: 'failed', error: { code: 'source-changed' } });
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }]);
  });

  it('a machine that lost its power is noticed by the server: it asks after 30 s of silence, and gives up 15 s later', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    const signal = new AbortController().signal;
    const options = { url: days.project.databaseUrl, schema: 'public', host, signal, retryMs: 0, onRetry: () => undefined };
    await using database = await openDatabase(options);
    const trx = await beginLoading(database, {
      id: 'x',
      startedAt: new Date('2026-11-02T15:00:00Z'),
      businessDate: '2026-11-02',
      pipelineVersion: '0',
      configHash: '0',
      datasets: ['obras'],
      host,
    });
    const { rows } = await database.session.query(
      `SELECT name, setting FROM pg_settings WHERE name LIKE 'tcp_keepalives%' OR name = 'client_connection_check_interval' ORDER BY 1`,
      [],
    );
    expect(rows).toEqual([
      { name: 'client_connection_check_interval', setting: '1000' },
      { name: 'tcp_keepalives_count', setting: '3' },
      { name: 'tcp_keepalives_idle', setting: '30' },
      { name: 'tcp_keepalives_interval', setting: '5' },
    ]);
    await rollBack(trx);
  });
});
