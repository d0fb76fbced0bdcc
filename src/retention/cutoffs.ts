/** How long things are kept, in months: `lineage.retention_months` and `retention` of the configuration. */
export type RetentionMonths = { readonly history: number; readonly runs: number; readonly quarantine: number };

/** What is older than these moments may go. */
export type Cutoffs = { readonly history: Date; readonly runs: Date; readonly quarantine: Date };

/** The history goes by whole partitions, so its cutoff is the first moment of a month. */
export function cutoffs(months: RetentionMonths, now: Date): Cutoffs {
  return {
    history: startOfMonth(monthsBefore(now, months.history)),
    runs: monthsBefore(now, months.runs),
    quarantine: monthsBefore(now, months.quarantine),
  };
}

export function startOfMonth(moment: Date): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), 1));
}

/** The same day and time so many months ago; the last day of a month that has no such day. */
function monthsBefore(moment: Date, months: number): Date {
  const first = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() - months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(moment.getUTCDate(), lastDay));
  return new Date(first.getTime() + (moment.getTime() % 86_400_000));
}
