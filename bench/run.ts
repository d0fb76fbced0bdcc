import { startCluster } from '../test/support/postgres-cluster.ts';
import { allSections } from './all-sections.ts';
import { limitsOf } from './limits.ts';
import { machineLine } from './measure/machine-line.ts';
import { readOptions } from './options.ts';
import { writeResults } from './report/results-file.ts';
import { limitsTable, missedLines, sectionText, type SectionReport } from './report/section-report.ts';
import type { SectionName, Setting } from './section.ts';

/** A million rows: what the limits are made for. */
const fullRows = 1_000_000;

/** Measures section after section and prints each; says at the end which limits were missed, and ends with 1 for them. */
async function main(args: readonly string[]): Promise<number> {
  const options = await readOptions(args).catch((error: Error) => console.error(error.message));
  if (options === undefined) return 2;
  await using cluster = await startCluster();
  const { program, rows, rounds } = options;
  const setting: Setting = { cluster, program, rows, rounds, isFull: rows >= fullRows };
  const machine = await machineLine(cluster);
  console.log(`${machine}\n${rows.toLocaleString('en-US')} rows, ${rounds} rounds\n`);
  const reports: SectionReport[] = [];
  for (const name of options.sections) {
    const report = await sectionReport(name, setting, machine);
    console.log(`${sectionText(report)}\n`);
    if (report.failure !== null) console.error(`${name}: ${report.failure}\n`);
    reports.push(report);
    // After each one, so that a run that is broken off leaves what it has.
    if (options.isWritten) await writeResults(options.form, reports);
  }
  console.log(limitsTable(reports));
  const missed = missedLines(reports);
  if (missed.length > 0) console.error(`\nMissed:\n${missed.join('\n')}`);
  return missed.length === 0 ? 0 : 1;
}

/** A section that fails is a result too: the others are still worth their time. */
async function sectionReport(name: SectionName, setting: Setting, machine: string): Promise<SectionReport> {
  const frame = { name, machine, isFull: setting.isFull, measuredAt: new Date().toISOString().slice(0, 16).replace('T', ' ') };
  try {
    const result = await allSections[name](setting);
    const unmeasured = limitsOf(name).filter((limit) => !result.findings.some((finding) => finding.limit === limit));
    if (unmeasured.length > 0) throw new Error(`nothing was measured for ${unmeasured.join(', ')}`);
    return { ...frame, ...result, failure: null };
  } catch (error) {
    return { ...frame, title: name, markdown: '', findings: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

process.exitCode = await main(process.argv.slice(2));
