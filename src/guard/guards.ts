import { columnsGuard } from './columns.ts';
import { encodingGuard } from './encoding.ts';
import { filterGuard } from './filter.ts';
import { relationsGuard } from './relations.ts';
import { staleGuard } from './stale.ts';
import { vanishGuard } from './vanish.ts';
import { volumeGuard } from './volume.ts';
import type { Finding, Watched } from './watched.ts';

type Watch = (watched: Watched) => Finding | null;

const watches: readonly Watch[] = [
  filterGuard,
  vanishGuard,
  volumeGuard,
  encodingGuard,
  columnsGuard,
  relationsGuard,
  staleGuard,
];

/** Everything that speaks against publishing a dataset, the plainest reason first. */
export function findingsOf(watched: Watched): Finding[] {
  return watches.flatMap((watch) => watch(watched) ?? []);
}
