import { errorCodes, type ErrorCode } from '../../core/codes.ts';
import type { ErrorFacts } from '../facts.ts';
import type { Said } from './said.ts';

/** An error in English: its message and hint are those of the terminal. */
export function englishErrors(code: ErrorCode, { message, hint }: ErrorFacts): Said {
  return { title: errorCodes[code].meaning, text: message, next: hint ?? errorActions[code] };
}

const download = 'download the file again and run again; yesterday’s data stay as they are';
const configuration = 'correct config.yaml where the message points, and run again';
const guarded = 'look at the file; if it is right, run with --accept';
const bug = 'report it with the output of --verbose';

/** What to do about each error, where it has no hint of its own. The README prints it. */
export const errorActions: Readonly<Record<ErrorCode, string>> = {
  usage: 'see --help, and correct the command',
  'config-not-found': 'name the file with --config, or run in its folder',
  'config-syntax': configuration,
  'config-invalid': configuration,
  'config-variable-missing': 'set the variables in the service or in .env',
  'file-ambiguous': 'make the "match" of one of the datasets narrower',
  'date-before-published': 'add --force only if you want to go back in time',
  'ddl-refused': 'run the statements of the message yourself',
  declined: 'nothing; --yes answers for you',
  'credentials-wrong': 'correct DATABASE_URL',
  'database-tls': 'correct sslmode or sslrootcert in DATABASE_URL (docs/database.md: TLS)',
  'database-too-old': 'use PostgreSQL 15 or newer',
  'migrations-pending': 'projetus run applies what is missing; then try again',
  'permission-missing': 'grant the permission that the message names',
  'source-missing': 'put the file into the day’s folder, or look at the download',
  'source-empty': download,
  'source-truncated': download,
  'source-changed': 'wait for the download to end, and run again',
  'source-unreadable': download,
  'source-encrypted': 'save it without a password',
  'source-disguised': download,
  'source-bomb': 'do not open it; look where it came from',
  'source-unsafe': 'do not open it; look where it came from',
  'source-rows-few': download,
  'source-too-old': 'look at the download',
  'download-missing': 'open the site in a browser; if the publisher moved the file, correct "url"',
  'download-refused': 'open the address in a browser to see what it says; correct "url", or its user and password',
  'download-untrusted': 'name the certificate of your proxy in NODE_EXTRA_CA_CERTS; never switch the verification off',
  'download-misled': 'open the address in a browser; if it leads to the right file, set "url" to where it leads',
  'download-too-large': 'look what is served there; extraction.download.max_mb sets the limit',
  'download-mixed': 'run again when the publisher is done; yesterday’s data stay as they are',
  'sheet-missing': 'set format.sheet',
  'member-uncertain': 'set format.member',
  'dialect-uncertain': 'set format.delimiter',
  'header-missing': 'if the column has a new name, add it to "from"',
  'header-ambiguous': 'name one of the two in "from"',
  'column-unknown': 'declare the column, or set unknown_columns: ignore',
  'rejects-over-budget': 'projetus quarantine list shows the rows; correct the file or the rules',
  'guard-vanish': guarded,
  'guard-volume': guarded,
  'guard-columns': guarded,
  'guard-encoding': guarded,
  'guard-relations': guarded,
  'guard-filter': guarded,
  'guard-stale': guarded,
  locked: 'wait for it to end; projetus runs list shows it',
  'database-unavailable': 'look at the server and the network; the next run tries again',
  'commit-unknown': 'run again: it finds out, and repeats nothing',
  'database-timeout': 'look what keeps the server busy; the next run tries again',
  'download-failed': 'the next run tries again and goes on where this one stopped; look at the network and the proxy',
  'run-timeout': 'look what it waited for (projetus doctor), or give it more time',
  'disk-full': 'free some space, and run again',
  interrupted: 'run again',
  terminated: 'look who ended it (a time limit, a restart), and run again',
  unbalanced: bug,
  unexpected: bug,
};
