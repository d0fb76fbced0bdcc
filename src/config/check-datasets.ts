import { downloadName } from '../core/download-name.ts';
import { typeName, type Column, type Dataset } from '../core/dataset.ts';
import { nearest } from '../core/names.ts';
import { noSuchColumn, type Show } from './check-dataset.ts';
import type { Path } from './path.ts';
import type { Problem } from './problems.ts';

export type Entry = { readonly dataset: Dataset; readonly path: Path };

/** What is wrong between datasets: names that meet, relations that lead nowhere or in a circle. */
export function checkDatasets(entries: readonly Entry[], show: Show): Problem[] {
  const relations = entries.flatMap((entry) => checkRelations(entry, entries, show));
  const keys = entries.flatMap((entry) => checkKeyTypes(entry));
  return [...checkNames(entries), ...checkUrls(entries), ...keys, ...relations, ...checkCycles(entries)];
}

/** Lineage is asked for by entity and id: two datasets with one entity could not be told apart. */
function checkNames(entries: readonly Entry[]): Problem[] {
  return entries.flatMap(({ dataset, path }, index) => {
    const earlier = entries.slice(0, index);
    if (earlier.some((other) => other.dataset.name === dataset.name)) {
      return [{ path: [...path, 'name'], at: 'value', message: 'an earlier dataset has this name' }];
    }
    if (earlier.some((other) => other.dataset.entity === dataset.entity)) {
      return [{ path: [...path, 'entity'], at: 'value', message: 'an earlier dataset has this entity' }];
    }
    return [];
  });
}

/** Two addresses whose files have one name would be two versions of one file. */
function checkUrls(entries: readonly Entry[]): Problem[] {
  return entries.flatMap(({ dataset: { name, url }, path }, index) => {
    const file = url === null ? null : downloadName(url)?.toLowerCase();
    const isTaken = entries
      .slice(0, index)
      .some(({ dataset: other }) => file && other.url !== url && other.url && downloadName(other.url)?.toLowerCase() === file);
    if (!isTaken) return [];
    const message = `an earlier dataset has another address with a file of this name; write a name behind one of them, such as #${name}.csv`;
    return [{ path: [...path, 'url'], at: 'value', message }];
  });
}

function checkRelations({ dataset, path }: Entry, entries: readonly Entry[], show: Show): Problem[] {
  return dataset.relations.flatMap((relation, index): Problem[] => {
    const at = [...path, 'relations', index, 'references'];
    const target = entries.find((entry) => entry.dataset.name === relation.references.dataset)?.dataset;
    if (target === undefined) {
      return [{ path: at, at: 'value', message: noSuchDataset(show(at), relation.references.dataset, entries) }];
    }
    const to = columnOf(target, relation.references.column);
    if (to === undefined) {
      const declared = target.columns.map(({ name }) => name);
      return [{ path: at, at: 'value', message: noSuchColumn(show(at), relation.references.column, declared) }];
    }
    const unreachable = parentProblem(dataset, target) ?? dateProblem(dataset, to);
    if (unreachable !== null) return [{ path: at, at: 'value', message: unreachable }];
    const from = columnOf(dataset, relation.column);
    if (from === undefined || from.type.kind === to.type.kind) return [];
    const message = `the columns differ in type: ${typeName(from.type)} here, ${typeName(to.type)} there`;
    return [{ path: at, at: 'value', message }];
  });
}

/** A server looks a row's parent up in what it has itself. */
function parentProblem(dataset: Dataset, target: Dataset): string | null {
  if (target.distribution === 'none') return null;
  if (target === dataset) return 'with database.distribution: citus a dataset cannot refer to itself';
  if (target.distribution === 'reference') return null;
  return `with database.distribution: citus what others refer to has to be on every server: write distribution: reference at the dataset ${target.name}`;
}

/** How a date is written is for each server to say: Citus changes no rows by it. */
function dateProblem({ distribution }: Dataset, { name, type }: Column): string | null {
  if (distribution === 'none' || (type.kind !== 'date' && type.kind !== 'timestamp')) return null;
  return `with database.distribution: citus rows are not told by a ${type.kind} (${name}); declare it as text`;
}

function checkKeyTypes({ dataset, path }: Entry): Problem[] {
  if (dataset.key === 'content' || dataset.key.length > 1) return [];
  const key = columnOf(dataset, dataset.key[0]!);
  const message = key === undefined ? null : dateProblem(dataset, key);
  return message === null ? [] : [{ path: [...path, 'key'], at: 'value', message }];
}

function columnOf(dataset: Dataset, name: string): Column | undefined {
  return dataset.columns.find((column) => column.name === name);
}

function noSuchDataset(shown: string, name: string, entries: readonly Entry[]): string {
  const names = entries.map(({ dataset }) => dataset.name);
  const meant = nearest(name, names);
  return `no dataset of ${shown} is declared; ${meant === null ? `there are ${names.join(', ')}` : `did you mean "${meant}"?`}`;
}

/** Datasets are published in the order of their relations; a circle has no first. A dataset may refer to itself. */
function checkCycles(entries: readonly Entry[]): Problem[] {
  const targets = new Map(
    entries.map(({ dataset: { name, relations } }) => [
      name,
      relations.map(({ references }) => references.dataset).filter((target) => target !== name),
    ]),
  );
  return entries.flatMap(({ dataset: { name, relations }, path }) => {
    const index = relations.findIndex(
      ({ references: { dataset } }) => dataset !== name && reaches(dataset, name, targets, new Set()),
    );
    if (index < 0) return [];
    return [{ path: [...path, 'relations', index], at: 'value', message: 'relations lead in a circle back to this dataset' }];
  });
}

function reaches(from: string, to: string, targets: ReadonlyMap<string, readonly string[]>, seen: Set<string>): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (targets.get(from) ?? []).some((next) => reaches(next, to, targets, seen));
}
