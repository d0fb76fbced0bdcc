import type { Severity } from '../core/codes.ts';
import type { Alert } from '../core/report.ts';

/** A problem that was seen before and has not ended, as it is stored. */
export type OpenAlert = {
  readonly id: string;
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly code: string;
  readonly dataset: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly firstSeenAt: Date;
  /** Null when it was below `min_severity` until now. */
  readonly lastToldAt: Date | null;
  /** Somebody knows, and wants to hear no more of it until it ends. */
  readonly isAcked: boolean;
  /** The run that saw it first. */
  readonly runId: string | null;
};

export type TellRules = { readonly minSeverity: Severity; readonly repeatHours: number };

export type Plan = {
  /** Seen for the first time. */
  readonly opened: readonly Alert[];
  /** Seen again. */
  readonly seen: readonly { readonly open: OpenAlert; readonly alert: Alert }[];
  readonly ended: readonly OpenAlert[];
  /** What people are to be told now; `open` is what they were told before of the same thing. */
  readonly told: readonly { readonly alert: Alert; readonly open: OpenAlert | null }[];
  /** Ended, and worth a notice: people had been told, and wait for the end of it. */
  readonly resolved: readonly OpenAlert[];
};

/** What happens once and is over: its end is no news. */
const events: ReadonlySet<string> = new Set([
  'rows-rejected',
  'rows-vanished',
  'volume-anomaly',
  'hold-accepted',
  'run-aborted',
  'run-missed',
  'column-emptied',
  'header-drift',
]);

const ranks: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
const hourMs = 3_600_000;

/**
 * What a run's alerts mean, given those that are open: which begin, go on and end, and what of it people should hear.
 * `mayEnd` says whether the run would have seen an open problem if it were still there. A pure function.
 */
export function planTelling(
  alerts: readonly Alert[],
  open: readonly OpenAlert[],
  mayEnd: (open: OpenAlert) => boolean,
  rules: TellRules,
  now: Date,
): Plan {
  const before = new Map(open.map((one) => [one.fingerprint, one]));
  const current = new Map(alerts.map((alert) => [fingerprintOf(alert), alert]));
  const known = [...current].map(([fingerprint, alert]) => ({ alert, open: before.get(fingerprint) ?? null }));
  const ended = open.filter((one) => !current.has(one.fingerprint) && mayEnd(one));
  return {
    opened: known.filter((one) => one.open === null).map(({ alert }) => alert),
    seen: known.flatMap((one) => (one.open ? [{ alert: one.alert, open: one.open }] : [])),
    ended,
    told: known.filter((one) => isDue(one.alert, one.open, rules, now)),
    resolved: ended.filter(({ lastToldAt, code }) => lastToldAt !== null && !events.has(code)),
  };
}

/** What makes two alerts the same one, on different days and with different numbers. */
export function fingerprintOf({ code, dataset, subject }: Pick<Alert, 'code' | 'dataset' | 'subject'>): string {
  return [code, dataset ?? '-', ...(subject === null ? [] : [subject])].join(' ');
}

function isDue(alert: Alert, open: OpenAlert | null, { minSeverity, repeatHours }: TellRules, now: Date): boolean {
  if (ranks[alert.severity] < ranks[minSeverity]) return false;
  if (open === null || open.lastToldAt === null || ranks[alert.severity] > ranks[open.severity]) return true;
  if (open.isAcked) return false;
  // A daily run starts a few seconds earlier than yesterday's: it would be told every other day.
  const slackMs = Math.min(hourMs, 0.1 * repeatHours * hourMs);
  return now.getTime() - open.lastToldAt.getTime() >= repeatHours * hourMs - slackMs;
}
