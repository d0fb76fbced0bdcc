import type { ChalkInstance } from 'chalk';
import { loadConfig } from '../config/load-config.ts';
import type { Dataset } from '../core/dataset.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { noReject } from '../quarantine/discard.ts';
import { findReject } from '../quarantine/kept-rejects.ts';
import { maskCells, maskErrors } from '../quarantine/mask.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { rejectId } from './quarantine-filter.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

export async function action(world: World, options: CommonOptions, id: string): Promise<ExitCode> {
  const shown = await find(world, options, rejectId(id));
  world.stdout.write(options.json ? jsonText(shown) : text(shown, styleFor(world.stdout, world, options)));
  return exitCodes.done;
}

async function find(world: World, options: CommonOptions, id: string) {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const reject = await withOperationalTables(database, (db) => findReject(db, id));
  if (!reject) throw noReject(id);
  return shownReject(
    reject,
    config.extraction.datasets.find(({ name }) => name === reject.dataset),
  );
}

type Found = NonNullable<Awaited<ReturnType<typeof findReject>>>;

function shownReject(reject: Found, declared: Dataset | undefined) {
  const { id, dataset, status, run_id, created_at, source_file: file, sheet, row_number: row, raw, errors, header } = reject;
  const values = maskCells(raw, header, errors, declared);
  const width = Math.max(raw.length, header.length);
  return {
    schema: 'projetus.quarantine-show/1',
    id,
    dataset,
    status,
    run_id,
    at: created_at.toISOString(),
    file,
    sheet,
    row,
    errors: maskErrors(errors, declared),
    /** A cell beyond the header has no header; one that the row lacks has no value. */
    cells: Array.from({ length: width }, (_, index) => ({ header: header[index] ?? null, value: values[index] ?? null })),
  };
}

function text(shown: ReturnType<typeof shownReject>, chalk: ChalkInstance): string {
  const place = `${printable(shown.file)}${shown.sheet === null ? '' : ` [${printable(shown.sheet)}]`}:${shown.row}`;
  const errors = shown.errors.map(({ code, value, message }) => {
    const what = value === null ? '' : `  ${chalk.yellow(`"${printable(value)}"`)}`;
    return `  ${printable(message)} ${chalk.dim(`[${code}]`)}${what}`;
  });
  const wide = Math.max(...shown.cells.map(({ header }) => (header ?? '-').length));
  const cells = shown.cells.map(
    ({ header, value }) =>
      `  ${chalk.dim(printable(header ?? '-').padEnd(wide))}  ${value === null ? chalk.dim('missing') : printable(value)}`,
  );
  const head = `${chalk.bold(`#${shown.id} ${shown.dataset}`)} ${place} (${shown.status})`;
  const origin = chalk.dim(`  run ${shown.run_id}  ${shown.at}`);
  return `${[head, origin, ...errors, '', ...cells].join('\n')}\n`;
}
