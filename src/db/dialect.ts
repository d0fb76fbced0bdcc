import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import { quote } from './quote.ts';
import type { Session } from './session.ts';

/**
 * Kysely over a session of ours. Its own dialects do not fit: the one for PGlite holds PGlite's mutex during a
 * transaction, so that a COPY inside of it would wait for ever.
 */
export function sessionDialect(session: Session): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => sessionDriver(session),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function sessionDriver(session: Session): Driver {
  const connection = sessionConnection(session);
  const run = async (statement: string) => void (await connection.executeQuery(CompiledQuery.raw(statement)));
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: () => run('begin'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    savepoint: (_, name) => run(`savepoint ${quote(name)}`),
    rollbackToSavepoint: (_, name) => run(`rollback to savepoint ${quote(name)}`),
    releaseSavepoint: (_, name) => run(`release savepoint ${quote(name)}`),
    destroy: () => session.close(),
  };
}

function sessionConnection(session: Session): DatabaseConnection {
  let failure: unknown = null;
  return {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> => {
      try {
        const { rows, affectedRows } = await session.query(query.sql, query.parameters);
        return { rows: rows as Row[], numAffectedRows: BigInt(affectedRows) };
      } catch (error) {
        // Kysely's migrator hides a missing permission and goes on, in a transaction that is aborted by it.
        if (failure !== null && isEcho(error)) throw failure;
        failure = error;
        throw error;
      }
    },
    // oxlint-disable-next-line require-yield
    streamQuery: async function* () {
      throw new Error('streamed queries are not used');
    },
  };
}

/** SQLSTATE 25P02, in_failed_sql_transaction: an earlier statement failed, and its error is the one to tell. */
function isEcho(error: unknown): boolean {
  return error instanceof Error && (error.cause as { code?: string } | undefined)?.code === '25P02';
}
