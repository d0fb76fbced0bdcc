import type { ChalkInstance } from 'chalk';
import { loadConfig } from '../config/load-config.ts';
import type { Dataset } from '../core/dataset.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { countRejects, type RejectGroup } from '../quarantine/count-rejects.ts';
import { newestRejects, type KeptReject } from '../quarantine/kept-rejects.ts';
import { maskErrors } from '../quarantine/mask.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { filterOf, shownRejects, type FilterOptions } from './quarantine-filter.ts';
import { printable, shorten, styleFor, table } from './style.ts';
import type { World } from './world.ts';

type ListOptions = FilterOptions & { readonly limit?: number };

export async function action(world: World, options: ListOptions): Promise<ExitCode> {
  await list(world, options);
  return exitCodes.done;
}

async function list(world: World, options: ListOptions): Promise<void> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const filter = filterOf(options, config);
  await using database = await connect(world, config);
  const show = options.json ? jsonList(world) : textList(world, styleFor(world.stdout, world, options));
  const limit = options.limit ?? (options.json ? Number.POSITIVE_INFINITY : shownRejects);
  const found = await withOperationalTables(database, async (db) => {
    const counts = await countRejects(db, filter);
    show.head(counts.total, counts.groups);
    for await (const page of newestRejects(db, filter, limit)) {
      world.signal.throwIfAborted();
      show.rows(page.map((reject) => listed(reject, config.extraction.datasets)));
    }
    return counts.total;
  });
  if (found === null) show.head(0, []);
  show.end(found ?? 0, limit);
}

/** A reject as a list shows it: without its cells, and without personal data. */
function listed(reject: KeptReject, datasets: readonly Dataset[]) {
  const { id, dataset, status, run_id, created_at, source_file: file, sheet, row_number: row } = reject;
  const declared = datasets.find(({ name }) => name === dataset);
  return {
    id,
    dataset,
    status,
    run_id,
    at: created_at.toISOString(),
    file,
    sheet,
    row,
    errors: maskErrors(reject.errors, declared),
  };
}

type Listed = ReturnType<typeof listed>;

type Show = {
  readonly head: (total: number, groups: readonly RejectGroup[]) => void;
  readonly rows: (rows: readonly Listed[]) => void;
  readonly end: (total: number, limit: number) => void;
};

/** One document, written as the pages come: a quarantine may hold more than a string does. */
function jsonList({ stdout }: World): Show {
  let isFirst = true;
  return {
    head: (total, groups) => {
      const head = jsonText({ schema: 'projetus.quarantine-list/1', total, groups, rejects: [] });
      stdout.write(head.slice(0, head.lastIndexOf(']')));
    },
    rows: (rows) => {
      for (const row of rows) {
        stdout.write(`${isFirst ? '' : ','}\n${jsonText(row).trimEnd()}`);
        isFirst = false;
      }
    },
    end: () => void stdout.write(']\n}\n'),
  };
}

function textList({ stdout }: World, chalk: ChalkInstance): Show {
  let shown = 0;
  return {
    head: (total, groups) => {
      if (total === 0) stdout.write('The quarantine holds no such rejects.\n');
      if (total === 0) return;
      const counts = table(
        [['dataset', 'code', 'rows'], ...groups.map((group) => [group.dataset, group.code, String(group.rejects)])],
        2,
      );
      stdout.write(`${chalk.dim(counts[0])}\n${counts.slice(1).join('\n')}\n\n`);
    },
    rows: (rows) => {
      for (const row of rows) stdout.write(`${textLine(row, chalk)}\n`);
      shown += rows.length;
    },
    end: (total) => {
      if (total > shown) stdout.write(`… ${total - shown} of ${total} are not shown; --limit shows more, --json all\n`);
    },
  };
}

function textLine(row: Listed, chalk: ChalkInstance): string {
  const place = `${printable(row.file)}${row.sheet === null ? '' : ` [${printable(row.sheet)}]`}:${row.row}`;
  const errors = row.errors.map(({ value, message, code }) => {
    const what = value === null || value === '' ? '' : `${chalk.yellow(`"${shorten(printable(value), 40)}"`)} `;
    return `${what}${printable(message)} ${chalk.dim(`[${code}]`)}`;
  });
  const status = row.status === 'open' ? '' : chalk.dim(` (${row.status})`);
  return `${chalk.cyan(`#${row.id}`)} ${row.dataset} ${place}${status}  ${errors.join('; ')}`;
}
