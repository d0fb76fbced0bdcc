import { exitCodes, type ExitCode } from './exit-codes.ts';

/** Every reason to stop: what it means and the exit code it gives. */
export const errorCodes = {
  usage: { exitCode: exitCodes.usage, meaning: 'an option or argument of the command is wrong' },
  'config-not-found': { exitCode: exitCodes.usage, meaning: 'the configuration file does not exist' },
  'config-syntax': { exitCode: exitCodes.usage, meaning: 'the configuration is not valid YAML' },
  'config-invalid': { exitCode: exitCodes.usage, meaning: 'a key of the configuration is unknown or has a wrong value' },
  'config-variable-missing': { exitCode: exitCodes.usage, meaning: 'variables that the configuration names are not set' },
  'file-ambiguous': { exitCode: exitCodes.usage, meaning: 'two datasets claim one file' },
  'date-before-published': { exitCode: exitCodes.usage, meaning: '--date is before the last published one of a full snapshot' },
  'ddl-refused': {
    exitCode: exitCodes.usage,
    meaning: 'a table differs from the configuration in a way that only a person may change',
  },
  declined: { exitCode: exitCodes.usage, meaning: 'the question on the terminal was answered with no' },
  'credentials-wrong': { exitCode: exitCodes.usage, meaning: 'the database refused user, password or database name' },
  'database-tls': { exitCode: exitCodes.usage, meaning: 'no TLS connection to the database that sslmode would accept' },
  'database-too-old': { exitCode: exitCodes.usage, meaning: 'the server is older than PostgreSQL 15' },
  'migrations-pending': {
    exitCode: exitCodes.usage,
    meaning: 'the tables of projetus are those of an older version, and the command is not run',
  },
  'permission-missing': { exitCode: exitCodes.usage, meaning: 'the database role lacks a permission' },
  'source-missing': { exitCode: exitCodes.source, meaning: 'no file matches a required dataset' },
  'source-empty': { exitCode: exitCodes.source, meaning: 'a file has no data rows' },
  'source-truncated': { exitCode: exitCodes.source, meaning: 'a file ends too early' },
  'source-changed': { exitCode: exitCodes.source, meaning: 'a file changed while it was read' },
  'source-unreadable': { exitCode: exitCodes.source, meaning: 'a file cannot be read as what it says it is' },
  'source-encrypted': { exitCode: exitCodes.source, meaning: 'a workbook or archive is protected by a password' },
  'source-disguised': { exitCode: exitCodes.source, meaning: 'the content is not what the file name says (HTML named .xls, …)' },
  'source-bomb': { exitCode: exitCodes.source, meaning: 'a file inflates beyond the limits' },
  'source-unsafe': { exitCode: exitCodes.source, meaning: 'a file holds what no data file needs (DOCTYPE, …)' },
  'source-rows-few': { exitCode: exitCodes.source, meaning: 'a dataset has fewer rows than expect.min_rows' },
  'source-too-old': { exitCode: exitCodes.source, meaning: 'a file is older than expect.max_age_hours' },
  'download-missing': { exitCode: exitCodes.source, meaning: 'the server does not have a file (404, 410)' },
  'download-refused': {
    exitCode: exitCodes.source,
    meaning: 'the server does not give a file (401, 403, …), or gives it in a form that cannot be used',
  },
  'download-untrusted': { exitCode: exitCodes.source, meaning: 'the certificate of the server of a file cannot be verified' },
  'download-misled': {
    exitCode: exitCodes.source,
    meaning: 'the address of a file leads to where it must not: in circles, from https to http, to a private address',
  },
  'download-too-large': { exitCode: exitCodes.source, meaning: 'a file is larger than extraction.download.max_mb' },
  'download-mixed': { exitCode: exitCodes.source, meaning: 'the publisher replaced the files while they were fetched, twice' },
  'sheet-missing': { exitCode: exitCodes.source, meaning: 'the workbook has no such sheet' },
  'member-uncertain': {
    exitCode: exitCodes.source,
    meaning: 'an archive does not hold exactly one data file, or not the one configured',
  },
  'dialect-uncertain': { exitCode: exitCodes.source, meaning: 'the delimiter cannot be told from the content' },
  'header-missing': { exitCode: exitCodes.source, meaning: 'no row holds the required columns, or one of them is lost' },
  'header-ambiguous': { exitCode: exitCodes.source, meaning: 'two columns of a file answer to one declared column' },
  'column-unknown': { exitCode: exitCodes.source, meaning: 'a file has a column that is not declared (unknown_columns: fail)' },
  'rejects-over-budget': { exitCode: exitCodes.held, meaning: 'more rows were rejected than max_rejected_percent' },
  'guard-vanish': { exitCode: exitCodes.held, meaning: 'more rows vanished than max_vanished_percent' },
  'guard-volume': {
    exitCode: exitCodes.held,
    meaning: 'the number of rows moved more than its tolerance (on_volume_anomaly: hold)',
  },
  'guard-columns': {
    exitCode: exitCodes.held,
    meaning: 'a required column is suddenly blank, or the values of a column moved about a hundredfold',
  },
  'guard-encoding': { exitCode: exitCodes.held, meaning: 'more than 0.1 % of the cells hold damaged text' },
  'guard-relations': { exitCode: exitCodes.held, meaning: 'no row finds the record that it refers to, where some did before' },
  'guard-filter': { exitCode: exitCodes.held, meaning: 'where let no row through' },
  'guard-stale': { exitCode: exitCodes.held, meaning: 'the files are those of an earlier day (must_change)' },
  locked: { exitCode: exitCodes.locked, meaning: 'another run holds the lock' },
  'database-unavailable': {
    exitCode: exitCodes.unavailable,
    meaning: 'the database cannot be reached, or the connection was lost',
  },
  'commit-unknown': {
    exitCode: exitCodes.unavailable,
    meaning: 'the connection was lost during COMMIT: whether the run was published is not known',
  },
  'database-timeout': { exitCode: exitCodes.unavailable, meaning: 'a statement or lock timed out' },
  'download-failed': {
    exitCode: exitCodes.unavailable,
    meaning: 'a file could not be fetched: its server, or the network on the way to it',
  },
  'run-timeout': { exitCode: exitCodes.unavailable, meaning: 'the run took longer than --timeout and was rolled back' },
  'disk-full': { exitCode: exitCodes.unavailable, meaning: 'a disk is full' },
  interrupted: { exitCode: exitCodes.interrupted, meaning: 'the run was interrupted (Ctrl-C) and rolled back' },
  terminated: { exitCode: exitCodes.terminated, meaning: 'the run was terminated (SIGTERM) and rolled back' },
  unbalanced: { exitCode: exitCodes.bug, meaning: 'the counts of a run do not add up; nothing was published' },
  unexpected: { exitCode: exitCodes.bug, meaning: 'a bug in projetus' },
} as const satisfies Record<string, { exitCode: ExitCode; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Every reason to refuse a row. */
export const rejectCodes = {
  'key-missing': 'the key is blank',
  'value-required': 'a cell of required_values is blank or holds an error',
  'type-error': 'the text is not a value of the column’s type',
  'out-of-range': 'the value does not fit its type (64 bits, decimal(p,s), years 0001 to 9999)',
  'scale-exceeded': 'the number has more decimals than its column',
  'number-imprecise': 'a spreadsheet stored an identifier of more than 15 digits as a number and rounded it',
  'character-invalid': 'the text holds U+0000 or half of a surrogate pair, which PostgreSQL refuses',
  'row-short': 'the row has fewer cells than the header',
  'row-long': 'the row has more cells than the header',
  'quote-malformed': 'text follows a closing quote',
  'key-conflict': 'several different rows have this key',
  orphan: 'the row refers to a record that does not exist (on_orphan: reject)',
  enum: 'the value is not one of those allowed',
  pattern: 'the text does not match the pattern',
  minimum: 'the number is below the minimum',
  maximum: 'the number is above the maximum',
  minLength: 'the text is too short',
  maxLength: 'the text is too long',
  format: 'the text is not a valid cnpj, cpf or uf',
} as const;

export type RejectCode = keyof typeof rejectCodes;

export type Severity = 'info' | 'warning' | 'critical';

/** Every thing that a person is told about. A failed or held run has the code of its error. */
export const alertCodes = {
  'rows-rejected': 'rows were refused and are in the quarantine',
  'rows-duplicate': 'the same row came more than once',
  'rows-vanished': 'records are no longer in the file',
  'error-cells': 'cells hold the errors of a spreadsheet (#N/D, #REF!, …) and were read as blank',
  'dates-absurd': 'dates before 1900 or after 2100 were kept as they are',
  'control-total-mismatch': 'the totals row of a file is not the sum of its rows',
  'orphans-found': 'rows refer to records that do not exist',
  'volume-anomaly': 'the number of rows moved more than its tolerance',
  'hold-accepted': 'a guard was told to let a dataset pass, once, by --accept',
  'source-stale': 'the files are those of an earlier day',
  'source-late': 'the folder of today’s files has not come; an older one was read',
  'source-missing-optional': 'no file matches an optional dataset',
  'source-repeated': 'several files have the same content; it was read once',
  'run-aborted': 'an earlier run never ended: it was killed, or lost the database; nothing of it was published',
  'run-missed': 'runs of the schedule never started',
  'file-unexpected': 'a file matches no dataset',
  'header-drift': 'the header has other columns than in the run before',
  'column-missing': 'a declared column that is not required is not in the file',
  'column-emptied': 'a column has less than half of the values that it had',
  'column-renamed': 'a column of the file begins with _ and was renamed',
  'text-damaged': 'text holds U+FFFD or was encoded twice',
  'reconcile-mismatch': 'two audits in a row found that the table differs from its files',
} as const;

export type AlertCode = keyof typeof alertCodes | ErrorCode;
