import { join } from 'node:path';
import { benchData } from '../make/bench-data.ts';
import { makeProject, propostas } from '../make/bench-project.ts';
import { measureRun, type RunSample } from '../measure/projetus-run.ts';
import { benchDatabase, query, renewDatabase } from '../measure/server.ts';
import { count, median, megabytes, reportTable, seconds } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';
import { expectedCounts, firstLoad, nextDay, noChange } from '../steps.ts';

const steps = [firstLoad, nextDay, noChange];

/** The limit is for this many. */
const mostRows = 100_000;

/** Up to which size is it a good idea? One round of each, where a million rows are the measure. */
const moreRows = [10_000, 300_000, 1_000_000];

type EnginePair = { readonly postgres: RunSample; readonly pglite: RunSample };

/** The same runs on PostgreSQL and on the embedded database, in turn. */
export async function pglite(setting: Setting): Promise<SectionResult> {
  const rows = Math.min(setting.rows, mostRows);
  const pairs: EnginePair[][] = steps.map(() => []);
  for (let round = 0; round < (setting.isFull ? setting.rounds : 1); round++) {
    (await pairedEngines(setting, rows)).forEach((pair, index) => pairs[index]!.push(pair));
  }
  const beyond = median(pairs[0]!.map((pair) => pair.pglite.wallSeconds - 2 * pair.postgres.wallSeconds));
  const sizes = setting.isFull ? `\n\n${await sizesTable(setting)}` : '';
  return {
    title: `PGlite, ${count(rows)} rows x 20 columns`,
    markdown: `The whole process each time; PGlite is a server inside it.\n\n${table(pairs)}${sizes}`,
    findings: [{ limit: 'pgliteFirstLoad', value: beyond }],
  };
}

async function pairedEngines(setting: Setting, rows: number): Promise<EnginePair[]> {
  await using project = await makeProject();
  await renewDatabase(setting.cluster);
  const pairs: EnginePair[] = [];
  for (const step of steps) {
    await project.put(step.date, propostas.name, join(await benchData(step.data, rows), step.file));
    const expected = { [propostas.name]: expectedCounts(step, rows) };
    const job = { project, date: step.date, flags: step.flags, expected };
    const postgres = await measureRun(setting, job);
    await query(setting.cluster, benchDatabase, `VACUUM ANALYZE ${propostas.name}`);
    pairs.push({ postgres, pglite: await measureRun(setting, { ...job, databaseUrl: `pglite:${project.databaseFolder}` }) });
  }
  return pairs;
}

async function sizesTable(setting: Setting): Promise<string> {
  const rows: string[][] = [];
  for (const size of moreRows) {
    // That it cannot is an answer too.
    const pairs = await pairedEngines(setting, size).catch(() => null);
    const cells = pairs?.flatMap(({ pglite: { wallSeconds, usage } }) => [seconds(wallSeconds), megabytes(usage.peakRssBytes)]);
    rows.push([count(size), ...(cells ?? steps.map(() => ['failed', '']).flat())]);
  }
  return reportTable(['rows', ...steps.flatMap(({ name }) => [`${name}, s`, 'RSS MB'])], rows);
}

function table(pairs: readonly (readonly EnginePair[])[]): string {
  const header = ['run', 'PostgreSQL s', 'PGlite s', 'x PostgreSQL', 'PGlite CPU s', 'PGlite peak RSS MB'];
  const rows = steps.map(({ name }, index) => {
    const middle = (of: (pair: EnginePair) => number) => median(pairs[index]!.map(of));
    return [
      name,
      seconds(middle((pair) => pair.postgres.wallSeconds)),
      seconds(middle((pair) => pair.pglite.wallSeconds)),
      middle((pair) => pair.pglite.wallSeconds / pair.postgres.wallSeconds).toFixed(2),
      seconds(middle((pair) => pair.pglite.usage.cpuSeconds)),
      megabytes(middle((pair) => pair.pglite.usage.peakRssBytes)),
    ];
  });
  return reportTable(header, rows);
}
