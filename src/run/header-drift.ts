import type { DatasetReport, HeaderDrift, SourceReport } from '../core/report.ts';
import { nearest, snakeCase } from '../core/names.ts';

/** A header that lost or gained more is of another file, and comparing each name with each would take for ever. */
const mostPaired = 50;

/** Longer cells are texts, not names. */
const longestName = 100;

/**
 * How the headers of a dataset's files, taken together, differ from those of an earlier run. Names are compared as they
 * are when columns are matched, so that a change of case, accents or order is none. Null when nothing differs, or one
 * of the two did not read a header.
 */
export function headerDrift(before: DatasetReport | null, now: DatasetReport): HeaderDrift | null {
  const earlier = headerOf(before?.sources ?? []);
  const today = headerOf(now.sources);
  if (earlier.names.size === 0 || today.names.size === 0) return null;
  const lost = new Map([...earlier.names].filter(([folded]) => !today.names.has(folded)));
  const added = new Map([...today.names].filter(([folded]) => !earlier.names.has(folded)));
  if (lost.size + added.size === 0) return null;
  const renamed: HeaderDrift['renamed'] = [];
  if (lost.size <= mostPaired && added.size <= mostPaired) {
    for (const [folded, from] of lost) {
      const partner = sameColumn(folded, earlier, today, added) ?? nearName(folded, added);
      if (partner === null) continue;
      renamed.push({ from, to: added.get(partner)! });
      lost.delete(folded);
      added.delete(partner);
    }
  }
  return { added: [...added.values()], lost: [...lost.values()], renamed };
}

type Header = {
  /** The name as compared, to the name as it stands in a file. */
  readonly names: ReadonlyMap<string, string>;
  /** Declared column to its name as compared. */
  readonly mapped: ReadonlyMap<string, string>;
};

function headerOf(sources: readonly SourceReport[]): Header {
  const names = new Map<string, string>();
  const mapped = new Map<string, string>();
  for (const { columns } of sources) {
    for (const name of [...Object.values(columns.mapped), ...columns.unknown]) names.set(comparable(name), name);
    for (const [column, name] of Object.entries(columns.mapped)) mapped.set(column, comparable(name));
  }
  return { names, mapped };
}

/** A header of signs alone, such as `%`, has no other form. */
function comparable(name: string): string {
  return snakeCase(name) || name;
}

/** A declared column that two names stand for says itself that one has become the other. */
function sameColumn(lost: string, earlier: Header, today: Header, added: ReadonlyMap<string, string>): string | null {
  for (const [column, name] of earlier.mapped) {
    const now = today.mapped.get(column);
    if (name === lost && now !== undefined && added.has(now)) return now;
  }
  return null;
}

function nearName(lost: string, added: ReadonlyMap<string, string>): string | null {
  const isName = (name: string) => name.length <= longestName;
  return isName(lost) ? nearest(lost, [...added.keys()].filter(isName)) : null;
}
