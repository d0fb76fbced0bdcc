import { join } from 'node:path';
import { benchData } from '../make/bench-data.ts';
import { compareReaders, ratio, readersTable } from '../measure/compared-readers.ts';
import { count } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';

/** Reads one CSV with our reader and with those that people know. */
export async function csvReading({ rows, rounds }: Setting): Promise<SectionResult> {
  const path = join(await benchData('days', rows), 'day1.csv');
  const pairs = await compareReaders(['csv-parse', 'duckdb'], { path, rows, rounds });
  return {
    title: `Reading CSV, ${count(rows)} rows x 20 columns`,
    markdown: `Every cell is looked at; rows and cells are counted by each reader. DuckDB scans in SQL: its rows never reach JavaScript.\n\n${readersTable(pairs)}`,
    findings: [
      { limit: 'csvParse', value: 1 / ratio(pairs['csv-parse'], ({ seconds }) => seconds) },
      { limit: 'csvDuckdb', value: ratio(pairs.duckdb, ({ seconds }) => seconds) },
    ],
  };
}
