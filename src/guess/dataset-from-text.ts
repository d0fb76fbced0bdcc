import { configFromText } from '../config/load-config.ts';
import type { Dataset } from '../core/dataset.ts';

/** The dataset that one entry of `extraction.files` declares, just as a run would read it. */
export function datasetFromText(entry: string): Dataset {
  const text = `extraction:\n  files:\n${entry.replace(/^/gm, '    ')}\n`;
  const nothing = { path: 'the guess', directory: '/', lookup: () => ({ reason: 'is not set' }) };
  return configFromText(text, nothing).extraction.datasets[0]!;
}
