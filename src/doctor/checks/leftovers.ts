import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../../core/dataset.ts';
import { quote } from '../../db/quote.ts';
import type { Tables } from '../../db/tables.ts';
import { tableState } from '../../load/table-catalog.ts';
import { withTablesOfAnyVersion } from '../../runs.ts';
import { failed, ok, warn, type Connected, type Finding } from '../finding.ts';

const name = 'leftovers';

/** Tables and columns that runs have made and the configuration does not name any more: nothing is ever dropped by a run. */
export async function checkLeftovers({ database, config }: Connected): Promise<Finding[]> {
  const { datasets } = config.extraction;
  try {
    const found = await withTablesOfAnyVersion(database, async (db) => [
      ...(await tablesLeft(db, datasets)),
      ...(await columnsLeft(db, datasets)),
    ]);
    return found && found.length > 0 ? found : [ok(name, 'every table and column is in the configuration')];
  } catch (error) {
    return [failed(name, error)];
  }
}

async function tablesLeft(db: Kysely<Tables>, datasets: readonly Dataset[]): Promise<Finding[]> {
  const declared = new Set(datasets.map((dataset) => dataset.name));
  const { rows } = await sql<{ table: string; stored: string }>`
    SELECT name AS table, stored::text FROM datasets WHERE to_regclass(quote_ident(name)) IS NOT NULL ORDER BY name`.execute(db);
  return rows
    .filter(({ table }) => !declared.has(table))
    .map(({ table, stored }) => {
      const message = `the table ${table} (${stored} records) is in no dataset of the configuration`;
      // The view of all lineage reads every table.
      const drop = `DROP TABLE ${quote(table)} CASCADE; it takes ${table}_live and data_lineage along, and the next run makes data_lineage anew`;
      return warn(name, message, `declare the dataset again, or, when nobody needs it: ${drop}`);
    });
}

/** Where unknown columns of the file are loaded, every column may be one of them. */
async function columnsLeft(db: Kysely<Tables>, datasets: readonly Dataset[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const dataset of datasets.filter(({ unknownColumns }) => unknownColumns !== 'text')) {
    const declared = new Set(dataset.columns.map((column) => column.name));
    const { columns } = await tableState(db, dataset.name);
    const left = [...columns.keys()].filter((column) => !column.startsWith('_') && !declared.has(column));
    if (left.length === 0) continue;
    const drop = `ALTER TABLE ${quote(dataset.name)} ${left.map((column) => `DROP COLUMN ${quote(column)} CASCADE`).join(', ')};`;
    const message = `${left.join(', ')} of the table ${dataset.name} ${left.length === 1 ? 'is' : 'are'} not in the configuration; new rows have NULL there`;
    findings.push(
      warn(
        name,
        message,
        `declare it again, or, when nobody needs it: ${drop} the next run makes the view ${dataset.name}_live anew`,
      ),
    );
  }
  return findings;
}
