import type { TestDatabase } from './postgres.ts';

/**
 * What projetus calls and asks of Citus, as tables and functions of one server: it shows that tables are declared as they
 * have to be, and nothing of what Citus makes of statements over them. Like Citus it takes no temporary table and none
 * that holds rows, wants the rows' key, and keeps a row where its key says.
 */
export async function installCitusStandIn(database: Pick<TestDatabase, 'query'>): Promise<void> {
  for (const statement of statements) await database.query(statement);
}

const statements = [
  'CREATE TABLE pg_dist_node (isactive boolean, shouldhaveshards boolean)',
  'INSERT INTO pg_dist_node VALUES (true, true), (true, true), (true, false)',
  'CREATE TABLE pg_dist_partition (logicalrelid oid PRIMARY KEY, partmethod text, partkey text, repmodel text)',
  `CREATE FUNCTION column_to_column_name(oid, text) RETURNS text LANGUAGE sql AS 'SELECT $2'`,
  // Citus refuses the key among what is SET, also to what it is.
  `CREATE FUNCTION keep_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE 'modifying the partition value of rows is not allowed';
    END $$`,
  `CREATE FUNCTION refuse_full(target regclass) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE holds boolean; BEGIN
      EXECUTE format('SELECT EXISTS (SELECT FROM %s)', target) INTO holds;
      IF holds THEN RAISE 'the table % holds rows', target; END IF;
      IF (SELECT relpersistence = 't' FROM pg_class WHERE oid = target) THEN RAISE 'cannot distribute a temporary table'; END IF;
    END $$`,
  `CREATE FUNCTION create_distributed_table(target regclass, by text, colocate_with text DEFAULT 'default') RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE neighbour regclass := CASE WHEN colocate_with <> 'default' THEN colocate_with::regclass END;
    DECLARE own oid := (SELECT atttypid FROM pg_attribute WHERE attrelid = target AND attname = by);
    DECLARE other oid := (
      SELECT atttypid FROM pg_dist_partition JOIN pg_attribute ON attrelid = logicalrelid AND attname = partkey
      WHERE logicalrelid = neighbour);
    BEGIN
      PERFORM refuse_full(target);
      IF own IS NULL THEN RAISE 'column "%" of relation "%" does not exist', by, target; END IF;
      IF neighbour IS NOT NULL AND other IS NULL THEN RAISE 'relation "%" is not distributed', neighbour; END IF;
      IF own <> other THEN RAISE 'cannot colocate tables: distribution column types do not match'; END IF;
      EXECUTE format('ALTER TABLE %s ADD CHECK (%I IS NOT NULL)', target, by);
      EXECUTE format('CREATE TRIGGER keep_key BEFORE UPDATE OF %I ON %s FOR EACH ROW EXECUTE FUNCTION keep_key()', by, target);
      INSERT INTO pg_dist_partition VALUES (target, 'h', by, 's');
    END $$`,
  `CREATE FUNCTION create_reference_table(target regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      PERFORM refuse_full(target);
      INSERT INTO pg_dist_partition VALUES (target, 'n', NULL, 't');
    END $$`,
  `CREATE FUNCTION forget_dropped() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      DELETE FROM pg_dist_partition p USING pg_event_trigger_dropped_objects() d WHERE p.logicalrelid = d.objid;
    END $$`,
  'CREATE EVENT TRIGGER forget_dropped ON sql_drop EXECUTE FUNCTION forget_dropped()',
];
