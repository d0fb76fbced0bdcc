import { limits, limitText, verdictOn, type Verdict } from '../limits.ts';
import type { Finding, SectionName, SectionResult } from '../section.ts';
import { reportTable } from './report-table.ts';

/** A section as it is kept: what was measured, when, on what. */
export type SectionReport = SectionResult & {
  readonly name: SectionName;
  readonly measuredAt: string;
  readonly machine: string;
  readonly isFull: boolean;
  /** Why it has no figures. It may name paths of this machine: it is printed, never written to the results. */
  readonly failure: string | null;
};

/** A line for every limit that was missed, and for every section that did not come to its end. */
export function missedLines(reports: readonly SectionReport[]): string[] {
  return reports.flatMap(({ name, failure, findings, isFull }) => [
    ...(failure === null ? [] : [`${name}: no result`]),
    ...findings
      .filter((finding) => verdictOn(finding, isFull) === 'missed')
      .map((finding) => `${name}: ${limits[finding.limit].what}: ${valueText(finding)}; limit: ${limitText(finding.limit)}`),
  ]);
}

export function limitsTable(reports: readonly SectionReport[]): string {
  const rows = reports.flatMap(({ findings, isFull }) =>
    findings.map((finding) => [
      limits[finding.limit].what,
      valueText(finding),
      limitText(finding.limit),
      verdictText[verdictOn(finding, isFull)],
    ]),
  );
  return reportTable(['what', 'measured', 'limit', 'verdict'], rows);
}

const verdictText: Readonly<Record<Verdict, string>> = {
  kept: 'kept',
  missed: '**missed**',
  'not judged': 'cannot be told',
};

export function sectionText({ title, measuredAt, markdown, failure }: SectionReport): string {
  const body = failure === null ? markdown : 'No result: it did not come to its end.';
  return `## ${title}\n\n${body}\n\nMeasured ${measuredAt}.`;
}

function valueText({ limit, value }: Finding): string {
  const digits = Math.abs(value) >= 20 ? 0 : 2;
  return `${value.toFixed(digits)} ${limits[limit].unit}`;
}
