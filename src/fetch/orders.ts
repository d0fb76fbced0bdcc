import { createHash } from 'node:crypto';
import type { Dataset } from '../core/dataset.ts';
import { downloadName } from '../core/download-name.ts';
import { ProjetusError } from '../core/errors.ts';
import { shownAddress } from '../net/shown-address.ts';
import { claims } from '../source/match.ts';

/** One address to be asked for, once. */
export type Order = {
  readonly url: string;
  /** As it may be shown. */
  readonly shown: string;
  /** Says that a kept file is of this address: SHA-256 of it, without user and password. */
  readonly key: string;
  /** The name that its file gets in the day's folder. */
  readonly name: string;
  readonly datasets: readonly Dataset[];
};

/** The addresses of `wanted`, in the order of the configuration. */
export function ordersOf(wanted: readonly Dataset[]): Order[] {
  const byUrl = Map.groupBy(
    wanted.filter((dataset) => dataset.url !== null),
    (dataset) => dataset.url!,
  );
  // The configuration was refused if an address gave no name.
  return [...byUrl].map(([url, datasets]) => ({ ...orderOf(url, downloadName(url)!), datasets }));
}

export function orderOf(url: string, name: string): Order {
  const identity = new URL(url);
  identity.username = '';
  identity.password = '';
  const key = createHash('sha256').update(identity.href).digest('hex');
  return { url, shown: shownAddress(url), key, name, datasets: [] };
}

/** Throws `config-invalid` when the file would not be read by the datasets that ask for it. */
export function assertClaimed({ name, datasets }: Order, all: readonly Dataset[]): void {
  const takers = claims(name, all);
  const loser = datasets.find((dataset) => !takers.includes(dataset));
  if (!loser) return;
  const other = takers[0] ? `; ${takers[0].name} takes it` : '';
  throw new ProjetusError('config-invalid', `The "match" of ${loser.name} does not fit ${name}, which its "url" gives${other}.`, {
    hint: `match: ["${name}"] fits; or write another name behind the address: #${loser.name}.csv`,
    file: name,
  });
}
