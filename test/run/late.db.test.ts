import { describe, expect, it } from 'vitest';
import { createProject, datasetOf, type Project } from '../support/project.ts';
import { configOf, csv, entry, obras } from './story.ts';

const yaml = configOf(obras());
const one = csv('1;a;1;;');
const two = csv('1;a;1;;', '2;b;2;;');

/** What the cron does on a day: no --date, at noon. */
async function runOn(project: Project, day: string, options = {}) {
  const report = await project.run({ clock: () => new Date(`${day}T15:00:00Z`), ...options });
  return { report, alerts: report.alerts.map(({ code }) => code) };
}

describe('files that have not come', () => {
  it('are told as one: the files of the newest folder are old for no reason of their own', async () => {
    await using project = await createProject(configOf(obras(), entry('ruas', ['key: [id]', 'columns: { id: {} }'])));
    for (const [name, text] of [
      ['obras.csv', one],
      ['ruas.csv', 'id\n1\n'],
    ] as const)
      await project.put('2026-11-20', name, text);
    expect((await runOn(project, '2026-11-20')).alerts).toEqual([]);
    for (const day of ['2026-11-21', '2026-11-22']) {
      const { report, alerts } = await runOn(project, day);
      expect(report).toMatchObject({ exit_code: 0, status: 'unchanged', folder_date: '2026-11-20', late: true });
      expect(alerts).toEqual(['source-late']);
      expect(report.alerts[0]!.message).toContain(`2026-11-20; the files of ${day} have not come`);
      expect(datasetOf(report, 'obras').stale_since).toBe('2026-11-20');
    }
    const strict = await runOn(project, '2026-11-22', { strict: true, isDryRun: true });
    expect([strict.report.exit_code, strict.alerts]).toEqual([3, ['source-late']]);
    await project.put('2026-11-22', 'obras.csv', two);
    await project.put('2026-11-22', 'ruas.csv', 'id\n1\n');
    const come = await runOn(project, '2026-11-22');
    expect(come.report).toMatchObject({ folder_date: '2026-11-22', late: false });
    expect(come.alerts).toEqual(['source-stale']);
  });

  it('are told beside files that were stale in the newest folder already', async () => {
    await using project = await createProject(yaml);
    await project.put('2026-11-20', 'obras.csv', one);
    await runOn(project, '2026-11-20');
    await project.put('2026-11-21', 'obras.csv', one);
    expect((await runOn(project, '2026-11-21')).alerts).toEqual(['source-stale']);
    expect((await runOn(project, '2026-11-22')).alerts).toEqual(['source-late', 'source-stale']);
  });

  it('are not told by a first run of an old folder, nor by the second on that day; by the one of the next day', async () => {
    await using project = await createProject(yaml);
    await project.put('2026-11-20', 'obras.csv', one);
    for (const expected of [[], [], ['source-late']]) {
      const day = expected.length === 0 ? '2026-11-25' : '2026-11-26';
      expect((await runOn(project, day)).alerts).toEqual(expected);
    }
  });

  it.each([
    ['when a date was asked for', { date: '2026-11-20' }, '2026-11-20'],
    ['when a first run was held', {}, '2026-11-20'],
  ])('are not told %s', async (_, options, folder) => {
    await using project = await createProject(configOf(obras('max_rejected_percent: 0')));
    await project.put('2026-11-20', 'obras.csv', 'date' in options ? one : csv('1;a;x;;'));
    await runOn(project, '2026-11-20');
    const { report, alerts } = await runOn(project, '2026-11-22', options);
    expect(report).toMatchObject({ folder_date: folder, late: false });
    expect(alerts).not.toContain('source-late');
  });

  it('are not told where the folder of raw files has no days, nor of a folder of tomorrow', async () => {
    await using project = await createProject(yaml);
    await project.put('.', 'obras.csv', one);
    await runOn(project, '2026-11-20');
    const flat = await runOn(project, '2026-11-22');
    expect(flat.report).toMatchObject({ folder_date: null, late: false });
    expect(flat.alerts).toEqual(['source-stale', 'run-missed']);
    await project.put('2026-11-24', 'obras.csv', two);
    expect((await runOn(project, '2026-11-23')).report).toMatchObject({ folder_date: '2026-11-24', late: false });
  });

  it('are those of the day in the time zone', async () => {
    await using project = await createProject(yaml);
    await project.put('2026-11-20', 'obras.csv', one);
    await runOn(project, '2026-11-20');
    const night = await project.run({ clock: () => new Date('2026-11-21T01:00:00Z') });
    expect(night).toMatchObject({ business_date: '2026-11-20', late: false });
  });
});
