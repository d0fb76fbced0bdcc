import { join } from 'node:path';
import { benchData } from '../make/bench-data.ts';
import { compareReaders, ratio, readersTable } from '../measure/compared-readers.ts';
import { count, median } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';

/** Reads one workbook, texts shared, with our reader and with `xlsx`. */
export async function xlsxReading(setting: Setting): Promise<SectionResult> {
  const rows = setting.rows / 2;
  const path = join(await benchData('xlsx-shared', rows), 'day1.xlsx');
  const pairs = await compareReaders(['xlsx'], { path, rows, rounds: setting.rounds });
  return {
    title: `Reading XLSX, ${count(rows)} rows x 20 columns`,
    markdown: `\`xlsx\` 0.20.3 with its leanest options: dense, no formatted text, HTML or formulas.\n\n${readersTable(pairs)}`,
    findings: [
      { limit: 'xlsxSpeed', value: 1 / ratio(pairs.xlsx, ({ seconds }) => seconds) },
      { limit: 'xlsxRssPart', value: ratio(pairs.xlsx, ({ peakRssBytes }) => peakRssBytes) },
      { limit: 'xlsxRss', value: median(pairs.xlsx.map(({ ours }) => ours.peakRssBytes)) / 1e6 },
    ],
  };
}
