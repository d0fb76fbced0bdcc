import type { RunReport } from '../core/report.ts';
import type { OpenAlert } from './plan.ts';

/** Somebody sits before the screen who ended it, or said no. */
export function asksForNoTelling({ error }: RunReport): boolean {
  return error?.code === 'interrupted' || error?.code === 'declined';
}

/**
 * Which open problems a run would have seen if they were still there: only one that published knows, and only of the
 * datasets that it read. What an audit found is for an audit to end.
 */
export function mayEndBy(report: RunReport, configured: readonly { readonly name: string }[]): (open: OpenAlert) => boolean {
  if (report.error) return () => false;
  const read = new Set(report.datasets.map(({ name }) => name));
  const isWhole = configured.every(({ name }) => read.has(name));
  return ({ code, dataset }) => code !== 'reconcile-mismatch' && (dataset === null ? isWhole : isWhole || read.has(dataset));
}
