import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { sectionNames } from '../all-sections.ts';
import { dataFolder } from '../make/bench-data.ts';
import type { Form } from '../options.ts';
import { limitsTable, missedLines, sectionText, type SectionReport } from './section-report.ts';

const folder = join(import.meta.dirname, '..');
const resultsFile = join(folder, 'RESULTS.md');

/** What a reader has to know about figures of this form. */
const remarks: Readonly<Record<Form, string>> = {
  long: 'The long form: a million rows, medians of three rounds.',
  short: 'The **short form** (`--short`): 100,000 rows, for a look while working. The limits are made for a million rows.',
  trial: 'A **trial** of a size that somebody chose: it shows that the benchmark works, and its figures say nothing.',
};

/**
 * Writes bench/RESULTS.md and its pictures. Sections of the same form that were measured before stay, so that one of them
 * can be measured again alone; a trial stands for itself.
 */
export async function writeResults(form: Form, reports: readonly SectionReport[]): Promise<void> {
  const kept = form === 'trial' ? {} : await readKept(form);
  for (const report of reports) kept[report.name] = report;
  await mkdir(dataFolder, { recursive: true });
  if (form !== 'trial') await writeFile(keptFile(form), JSON.stringify(kept));
  const all = sectionNames.flatMap((name) => kept[name] ?? []);
  for (const { pictures } of all) {
    for (const [name, picture] of Object.entries(pictures ?? {})) await writeFile(join(folder, name), picture);
  }
  const style = await resolveConfig(resultsFile);
  await writeFile(resultsFile, await format(resultsText(form, all), { ...style, parser: 'markdown' }));
}

type Kept = Partial<Record<SectionReport['name'], SectionReport>>;

function keptFile(form: Form): string {
  return join(dataFolder, `results-${form}.json`);
}

async function readKept(form: Form): Promise<Kept> {
  return readFile(keptFile(form), 'utf8').then(
    (text) => JSON.parse(text) as Kept,
    () => ({}),
  );
}

function resultsText(form: Form, reports: readonly SectionReport[]): string {
  const machines = [...new Set(reports.map(({ machine }) => machine))];
  const missed = missedLines(reports);
  return [
    '# Speed and memory\n\nWritten by `npm run bench`; not edited by hand.',
    remarks[form],
    machines.join('  \n'),
    'MB are 10^6 bytes. Peak RSS is that of the client. All counts of all runs were exactly as expected, or the section has no result.',
    limitsTable(reports),
    missed.length === 0 ? 'No limit was missed.' : `Missed:\n\n${missed.map((line) => `- ${line}`).join('\n')}`,
    ...reports.map(sectionText),
  ].join('\n\n');
}
