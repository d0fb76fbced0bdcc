import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { nearest } from '../core/names.ts';

/** The datasets asked for; all of them when none is named. Throws `usage` for a name that is not configured. */
export function selectDatasets(all: readonly Dataset[], names: readonly string[]): readonly Dataset[] {
  const known = all.map((dataset) => dataset.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw new ProjetusError('usage', `There is no dataset ${unknown}.`, {
      hint: near ? `did you mean ${near}?` : `the datasets are: ${known.join(', ')}`,
    });
  }
  return names.length === 0 ? all : all.filter((dataset) => names.includes(dataset.name));
}

/** Parents before their children; else in the order of the configuration, which has refused cycles. */
export function inOrderOfRelations(datasets: readonly Dataset[]): Dataset[] {
  const ordered: Dataset[] = [];
  const visit = (dataset: Dataset) => {
    if (ordered.includes(dataset)) return;
    for (const relation of dataset.relations) {
      const parent = datasets.find((candidate) => candidate.name === relation.references.dataset);
      if (parent && parent !== dataset) visit(parent);
    }
    ordered.push(dataset);
  };
  for (const dataset of datasets) visit(dataset);
  return ordered;
}
