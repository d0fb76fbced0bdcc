/** What a dataset of `id;nome;valor;ano` should hold, worked out a second time, row by row and without SQL. */
export type Settings = {
  readonly key: 'id' | 'id, nome' | 'content';
  readonly duplicates: 'reject' | 'first' | 'last';
  readonly distinct: boolean;
  readonly snapshot: 'full' | 'delta';
  readonly onVanish: 'mark' | 'delete' | 'ignore';
};

export type Cells = readonly [id: string, nome: string, valor: string, ano: string];

export type Values = readonly (string | null)[];

type Entry = { readonly key: string; readonly values: Values };

export type Stored = { readonly values: Values; readonly isLive: boolean };

export type State = {
  readonly table: ReadonlyMap<string, Stored>;
  /** Cells and occurrence of each reject ever seen, and whether it is open. */
  readonly quarantine: ReadonlyMap<string, boolean>;
  /** Entries that lineage should have. */
  readonly changes: number;
};

export const emptyState: State = { table: new Map(), quarantine: new Map(), changes: 0 };

/** Texts that no number is made of are marked so. */
const wrong = Symbol('wrong');

/** One day: the counts that a run should report, and what is there afterwards. */
export function dayOf(settings: Settings, rows: readonly Cells[], before: State) {
  const sorted = sortRows(settings, rows);
  const settled = settle(settings, sorted.records);
  const rejects = [...sorted.rejects, ...settled.rejects];
  const spared = new Set([...sorted.rejectedKeys, ...settled.rejectedKeys]);
  const merged = merge(settings, settled.records, spared, before.table);
  const quarantine = quarantineOf(settings, rejects, before.quarantine);
  const { inserted, updated, restored, vanished } = merged.counts;
  const counts = {
    read: sorted.read,
    ...merged.counts,
    duplicate: settled.duplicate,
    filtered: sorted.filtered,
    rejected: rejects.length,
    new_rejects: quarantine.size - before.quarantine.size,
  };
  const changes = before.changes + inserted + updated + restored + vanished;
  return {
    counts,
    kept: merged.kept,
    footer: sorted.footer,
    blank: sorted.blank,
    state: { table: merged.table, quarantine, changes },
  };
}

function sortRows(settings: Settings, rows: readonly Cells[]) {
  const sorted = {
    records: [] as (Entry & { cells: Cells })[],
    rejects: [] as Cells[],
    rejectedKeys: new Set<string>(),
    filtered: 0,
    blank: 0,
    read: 0,
  };
  let keyless: Cells[] = [];
  let keyed = 0;
  const reject = (cells: Cells, key: string | null) => {
    sorted.rejects.push(cells);
    if (key !== null) sorted.rejectedKeys.add(key);
  };
  const rejectKeyless = () => {
    for (const cells of keyless) reject(cells, null);
    sorted.read += keyless.length;
    keyless = [];
  };
  for (const cells of rows) {
    if (cells.every((cell) => cell.trim() === '')) {
      sorted.blank++;
      continue;
    }
    const values = [text(cells[0]), text(cells[1]), number(cells[2], 2), number(cells[3], 0)];
    const key = settings.key === 'content' ? 'content' : keyOf(settings, values as Values);
    if (key === null) {
      keyless.push(cells);
      continue;
    }
    keyed++;
    rejectKeyless();
    sorted.read++;
    if (values[3] !== wrong && values[3] !== '2025' && values[3] !== null) sorted.filtered++;
    else if (values.includes(wrong) || (settings.key !== 'content' && values[0] === null))
      reject(cells, settings.key === 'content' ? null : key);
    else sorted.records.push({ key, values: values as Values, cells });
  }
  if (keyless.length >= keyed) rejectKeyless();
  return { ...sorted, footer: keyless.length };
}

function settle(settings: Settings, records: readonly (Entry & { cells: Cells })[]) {
  const groups = new Map<string, (Entry & { cells: Cells })[]>();
  for (const record of records) {
    const key = settings.key === 'content' ? contentOf(record.values) : record.key;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const settled = { records: [] as Entry[], rejects: [] as Cells[], rejectedKeys: new Set<string>(), duplicate: 0 };
  for (const [key, group] of groups) {
    if (settings.key === 'content' && !settings.distinct) {
      settled.records.push(...group.map(({ values }, index) => ({ key: `${key}#${index + 1}`, values })));
    } else if (settings.duplicates === 'reject' && new Set(group.map(({ values }) => contentOf(values))).size > 1) {
      settled.rejects.push(...group.map(({ cells }) => cells));
      settled.rejectedKeys.add(key);
    } else {
      const winner = settings.duplicates === 'last' ? group.at(-1)! : group[0]!;
      settled.records.push({ key: settings.key === 'content' ? `${key}#1` : key, values: winner.values });
      settled.duplicate += group.length - 1;
    }
  }
  return settled;
}

function merge(settings: Settings, records: readonly Entry[], spared: ReadonlySet<string>, before: ReadonlyMap<string, Stored>) {
  const table = new Map(before);
  const counts = { inserted: 0, updated: 0, unchanged: 0, restored: 0, vanished: 0 };
  const today = new Set(records.map(({ key }) => key));
  for (const { key, values } of records) {
    const old = before.get(key);
    if (!old) counts.inserted++;
    else if (!old.isLive) counts.restored++;
    else if (contentOf(old.values) === contentOf(values)) counts.unchanged++;
    else counts.updated++;
    table.set(key, { values, isLive: true });
  }
  let kept = 0;
  for (const [key, old] of before) {
    if (!old.isLive || today.has(key)) continue;
    if (spared.has(key)) kept++;
    else if (settings.snapshot === 'full' && settings.onVanish !== 'ignore') {
      counts.vanished++;
      if (settings.onVanish === 'delete') table.delete(key);
      else table.set(key, { ...old, isLive: false });
    }
  }
  return { table, counts, kept };
}

function quarantineOf(settings: Settings, rejects: readonly Cells[], before: ReadonlyMap<string, boolean>): Map<string, boolean> {
  const seen = new Map<string, number>();
  const today = rejects.map((cells) => {
    const raw = JSON.stringify(cells);
    seen.set(raw, (seen.get(raw) ?? 0) + 1);
    return `${raw} ${seen.get(raw)}`;
  });
  const after = new Map(before);
  if (settings.snapshot === 'full') for (const known of before.keys()) after.set(known, false);
  for (const reject of today) after.set(reject, true);
  return after;
}

export function contentOf(values: Values): string {
  return JSON.stringify(values);
}

/** Null when every part is blank. */
function keyOf({ key }: Settings, [id = null, nome = null]: Values): string | null {
  if (key === 'id') return id;
  return id === null && nome === null ? null : JSON.stringify([id, nome]);
}

function text(cell: string): string | null {
  const trimmed = cell.trim();
  return ['', '-', 'NULL'].includes(trimmed) ? null : trimmed;
}

function number(cell: string, scale: number): string | null | typeof wrong {
  const written = text(cell);
  if (written === null) return null;
  const value = Number(written.replace(',', '.'));
  return Number.isNaN(value) ? wrong : value.toFixed(scale);
}
