import type { Finding, Watched } from './watched.ts';

/** A filter that lets nothing through has a wrong value, or the file has. */
export function filterGuard({ dataset, report }: Watched): Finding | null {
  if (!report.counts || report.counts.filtered === 0 || report.counts.filtered < report.counts.read) return null;
  return {
    guard: 'filter',
    message: `${dataset.name}: "where" let none of ${report.counts.read} rows through.`,
    facts: { read: report.counts.read },
    hint: 'compare its values with those of the file (a year is a number, a word has its accents)',
  };
}
