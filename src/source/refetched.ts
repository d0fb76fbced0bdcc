/**
 * A file that is fetched a second time on a day, with other content, is kept beside the first one: `a.zip`, then
 * `a.refetched-2.zip`, then `a.refetched-3.zip`. The highest number is what the publisher says last, and the only one
 * that is read; which datasets take it is decided by its name without the mark.
 */
const mark = /^(.+)\.refetched-([2-9]|[1-9]\d{1,5})(\.[^.]+)$/;

/** The name as the publisher gave it. */
export function originalName(name: string): string {
  const match = mark.exec(name);
  return match ? `${match[1]}${match[3]}` : name;
}

/** 1 for the first file of the day. */
export function refetchNumber(name: string): number {
  return Number(mark.exec(name)?.[2] ?? 1);
}

export function refetchedName(original: string, number: number): string {
  const dot = original.lastIndexOf('.');
  return number === 1 ? original : `${original.slice(0, dot)}.refetched-${number}${original.slice(dot)}`;
}

/** The last one of those that were fetched under one name; null when there is none. */
export function lastFetched(names: readonly string[], original: string): string | null {
  const same = names.filter((name) => originalName(name) === original);
  return same.toSorted((a, b) => refetchNumber(a) - refetchNumber(b)).at(-1) ?? null;
}
