import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMetricsFile } from '../../src/metrics/write-metrics-file.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { databaseOf, undoIn } from '../undo/undo-in.ts';

/** Three runs: one that loads with a reject, one that finds the same, one whose file is broken; an undo is none. */
async function threeRuns() {
  const days = await story(configOf(obras()));
  // Ids of one second are in the order of their ends.
  const first = await days.day(csv('1;a;;;', '2;b;x;;'), { random: '1' });
  await days.again({ random: '2' });
  await days.files({ 'obras.csv': 'x\n1\n' });
  await undoIn(days.project, first.run.run_id!, '2026-11-20T00:00:00Z');
  return days;
}

describe('the file of metrics', () => {
  it('counts the run log, and replaces the file as a whole, readable by all', async () => {
    await using days = await threeRuns();
    await days.project.query(
      `INSERT INTO runs VALUES ('died', 'aborted', '2026-11-02', '2026-11-03', '2026-11-04', '1', 'h', NULL, '{obras,pontes}', 'srv', 1, NULL)`,
    );
    const folder = join(days.project.folder, 'metrics/of/projetus');
    const file = join(folder, 'projetus.prom');
    await using database = await databaseOf(days.project);
    const write = () => writeMetricsFile({ database, file, pipelineVersion: '1', now: new Date('2026-11-20T00:00:00Z') });
    const umask = process.umask(0o077);
    try {
      await write();
      await writeFile(file, 'old');
      await write();
    } finally {
      process.umask(umask);
    }
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(
      lines.filter((line) => /^projetus_(extraction_total|extraction_duration_seconds_count|.*exit_code|dataset)/.test(line)),
    ).toEqual([
      'projetus_extraction_total{status="aborted",entity_type="obra"} 1',
      'projetus_extraction_total{status="failed",entity_type="obra"} 1',
      'projetus_extraction_total{status="success",entity_type="obra"} 1',
      'projetus_extraction_total{status="unchanged",entity_type="obra"} 1',
      'projetus_extraction_total{status="aborted",entity_type="pontes"} 1',
      'projetus_extraction_duration_seconds_count{phase="total"} 3',
      'projetus_run_last_exit_code 7',
      ...Array.from({ length: 9 }, () => expect.stringMatching(/^projetus_dataset_rows\{dataset="obras",outcome="\w+"\} \d+$/)),
      expect.stringMatching(/^projetus_dataset_stored_rows\{dataset="obras"\} \d$/),
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
    expect(await readdir(folder)).toEqual(['projetus.prom']);
  });

  it('is written of a database without tables too', async () => {
    await using days = await story(configOf(obras()));
    const file = join(days.project.folder, 'projetus.prom');
    await using database = await databaseOf(days.project);
    await writeMetricsFile({ database, file, pipelineVersion: '1', now: new Date() });
    expect(await readFile(file, 'utf8')).toContain('projetus_build_info{version="1"} 1\n');
  });

  it('leaves nothing behind when it cannot take its place', async () => {
    await using days = await story(configOf(obras()));
    const file = join(days.project.folder, 'projetus.prom');
    await mkdir(join(file, 'in the way'), { recursive: true });
    await using database = await databaseOf(days.project);
    await expect(writeMetricsFile({ database, file, pipelineVersion: '1', now: new Date() })).rejects.toThrow('EISDIR');
    expect((await readdir(days.project.folder)).filter((name) => name.includes('.part'))).toEqual([]);
  });
});
