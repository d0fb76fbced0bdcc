import { hash } from 'node:crypto';
import type { Dataset } from '../core/dataset.ts';
import { canonicalJson } from './canonical-json.ts';

/** These decide whether a dataset is published and where, not what a row becomes: with another value the rows need no new look. */
const beside = [
  'url',
  'expect',
  'maxRejectedPercent',
  'maxVanishedPercent',
  'volumeTolerancePercent',
  'onVolumeAnomaly',
  'distribution',
] as const;

/** SHA-256 of a dataset's configuration without what says whether and where it is published, 64 hex digits. */
export function datasetHash(dataset: Dataset): string {
  const rest: Partial<Dataset> = { ...dataset };
  for (const name of beside) delete (rest as Record<string, unknown>)[name];
  return hash('sha256', canonicalJson(rest), 'hex');
}
