import { sql } from 'kysely';
import { fail, failed, ok, type Connected, type Finding } from '../finding.ts';

const name = 'rights';

type Rights = {
  role: string;
  database: string;
  schema_there: boolean;
  may_use: boolean;
  may_create: boolean;
  may_make_schema: boolean;
  may_temp: boolean;
  read_only: boolean;
  /** Tables of ours that belong to a role which the one of the connection is not a member of. */
  foreign_tables: string[];
};

/** What a run needs of its role, asked of the catalogue: nothing is created. */
export async function checkRights({ database, config }: Connected): Promise<Finding[]> {
  const { schema } = config.database;
  const tables = ['runs', ...config.extraction.datasets.map((dataset) => dataset.name)];
  try {
    const { rows } = await sql<Rights>`
      SELECT quote_ident(current_user) AS role, quote_ident(current_database()) AS database,
        n.oid IS NOT NULL AS schema_there,
        coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS may_use,
        coalesce(has_schema_privilege(n.oid, 'CREATE'), false) AS may_create,
        has_database_privilege(current_database(), 'CREATE') AS may_make_schema,
        has_database_privilege(current_database(), 'TEMP') AS may_temp,
        pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS read_only,
        array(
          SELECT c.relname::text FROM pg_class c
          WHERE c.relnamespace = n.oid AND c.relname = ANY (${tables}::text[]) AND NOT pg_has_role(c.relowner, 'USAGE')
          ORDER BY 1
        ) AS foreign_tables
      FROM (SELECT to_regnamespace(quote_ident(${schema}))::oid AS oid) n`.execute(database.db);
    const lacks = lacking(rows[0]!, schema);
    return lacks.length > 0 ? lacks : [ok(name, `${rows[0]!.role} may create tables in ${schema}, and temporary ones`)];
  } catch (error) {
    return [failed(name, error)];
  }
}

function lacking(rights: Rights, schema: string): Finding[] {
  const { role, database, foreign_tables } = rights;
  const findings: Finding[] = [];
  const lacks = (message: string, fix: string) => void findings.push(fail(name, message, fix));
  if (rights.read_only)
    lacks('the database can only be read: it is a replica, or set to read only', 'point DATABASE_URL at the primary server');
  if (!rights.schema_there && !rights.may_make_schema)
    lacks(`there is no schema ${schema}, and ${role} may not create it`, `CREATE SCHEMA ${schema} AUTHORIZATION ${role};`);
  if (rights.schema_there && !(rights.may_use && rights.may_create))
    lacks(`${role} may not create tables in the schema ${schema}`, `GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role};`);
  if (!rights.may_temp) lacks(`${role} may not create temporary tables`, `GRANT TEMPORARY ON DATABASE ${database} TO ${role};`);
  if (foreign_tables.length > 0)
    lacks(`${foreign_tables.join(', ')} belong to another role than ${role}`, `ALTER TABLE … OWNER TO ${role}; for each of them`);
  return findings;
}
