import type { OrphanCause, OrphanCauses, RelationReport } from '../core/report.ts';
import type { Finding, Watched } from './watched.ts';

/**
 * A relation that finds nothing at all, where it did in the run before: one of the two files writes its keys in another
 * way (zeros in front, a mask), or is that of another year. Without a floor, since no ordinary day parts every row from its record.
 */
export function relationsGuard({ dataset, report, lastRelations }: Watched): Finding | null {
  const lost = report.relations.filter(isUnmatched).flatMap((relation) => {
    const before = lastRelations.find(
      ({ column, references }) => column === relation.column && references === relation.references,
    );
    if (!before || before.matched === 0 || isIgnored(relation, dataset)) return [];
    return [{ relation, matched: before.matched }];
  });
  if (lost.length === 0) return null;
  const told = lost.map(({ relation: { column, references, orphans, orphan_causes }, matched }) => {
    return `none of ${orphans} rows finds its ${column} in ${references} (${causesText(orphan_causes)}), where ${matched} did in the run before`;
  });
  const [first] = lost[0]!.relation.orphan_samples;
  const example = first ? `, such as line ${first.row} of ${first.file}` : '';
  return {
    guard: 'relations',
    message: `${dataset.name}: ${told.join('; ')}.`,
    facts: {
      relations: lost.map(({ relation: { column, references, orphans }, matched }) => ({
        column,
        references,
        before: matched,
        orphans,
      })),
    },
    hint: `compare how both files write these values${example}`,
  };
}

/** Whether no row finds what it refers to. */
export function isUnmatched({ matched, orphans }: RelationReport): boolean {
  return matched === 0 && orphans > 0;
}

/** Whether the configuration says that orphans of this relation are nothing to speak of. */
export function isIgnored({ column, references }: RelationReport, { relations }: Pick<Watched['dataset'], 'relations'>): boolean {
  return relations.some(
    (relation) =>
      relation.onOrphan === 'ignore' &&
      relation.column === column &&
      `${relation.references.dataset}.${relation.references.column}` === references,
  );
}

const causeTexts: readonly (readonly [OrphanCause, string])[] = [
  ['rejected', 'rejected there today'],
  ['filtered', 'filtered there today'],
  ['vanished', 'vanished there'],
  ['unknown', 'unknown there'],
  ['unread', 'unknown there, or refused in files that were not read again'],
];

/** `2 rejected there today, 1 unknown there`. */
export function causesText(causes: OrphanCauses): string {
  return causeTexts.flatMap(([cause, text]) => (causes[cause] > 0 ? [`${causes[cause]} ${text}`] : [])).join(', ');
}
