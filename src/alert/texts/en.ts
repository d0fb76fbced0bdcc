import { causesText } from '../../guard/relations.ts';
import { volumeText } from '../../guard/volume.ts';
import { englishErrors } from './en-errors.ts';
import type { Texts } from './said.ts';

/** A header that is wholly another one is told by its new columns. */
const mostRenamed = 6;

/** What people are told, in English. */
export const english: Texts = {
  warnings: {
    'rows-rejected': {
      title: 'rows rejected',
      text: ({ rejected, read, fresh }, { number }) =>
        `${number(rejected)} of ${number(read)} rows were rejected, ${number(fresh)} of them new`,
      next: 'projetus quarantine list shows them; correct the file, or export and retry them',
    },
    'rows-duplicate': {
      title: 'repeated rows',
      text: ({ duplicate, read }, { number }) => `${number(duplicate)} of ${number(read)} rows repeat the key of another one`,
      next: 'if that is usual for this file, set distinct: true',
    },
    'rows-vanished': {
      title: 'records vanished',
      text: ({ vanished }, { plural }) =>
        plural(vanished, '# record is no longer in the file', '# records are no longer in the file'),
      next: 'they stay in the table with _vanished_at; look whether the file is whole',
    },
    'error-cells': {
      title: 'spreadsheet errors',
      text: ({ cells, column, file }, { plural }) =>
        plural(
          cells,
          `# cell of ${column} in ${file} holds an error of a spreadsheet and was read as blank`,
          `# cells of ${column} in ${file} hold errors of a spreadsheet and were read as blank`,
        ),
      next: 'correct the formulas of the spreadsheet and load it again',
    },
    'dates-absurd': {
      title: 'absurd dates',
      text: ({ cells, column, file }, { plural }) =>
        plural(
          cells,
          `# date of ${column} in ${file} is before 1900 or after 2100; it was kept`,
          `# dates of ${column} in ${file} are before 1900 or after 2100; they were kept`,
        ),
      next: 'tell whoever keeps the data; nothing is wrong with the load',
    },
    'control-total-mismatch': {
      title: 'totals row does not match',
      text: ({ file, column, said, computed }, { decimal }) =>
        `the totals row of ${file} says ${decimal(said)} for ${column}, its rows sum to ${decimal(computed)}`,
      next: 'compare the file with its source: rows may be missing in it',
    },
    'orphans-found': {
      title: 'rows without their counterpart',
      text: ({ orphans, column, references, causes }, { plural }) =>
        `the ${column} of ${plural(orphans, '# row', '# rows')} is not in ${references} (${causesText(causes)})`,
      next: 'projetus dry-run shows which; look whether the other file is whole',
    },
    'volume-anomaly': {
      title: 'unusual number of records',
      text: volumeText,
      next: 'look whether the file is whole; volume_tolerance_percent sets the limit',
    },
    'hold-accepted': {
      title: 'let pass by hand',
      text: ({ guard, message, by }) => `${message} Let pass by ${by} (--accept ${guard})`,
      next: null,
    },
    'source-late': {
      title: 'today’s files have not come',
      text: ({ newest, day }, format) =>
        `the newest folder of raw files is ${newest}; the files of ${format.day(day)} have not come, so older ones were read`,
      next: 'check the download, then run again',
    },
    'source-stale': {
      title: 'old files',
      text: ({ since }, { day }) => `the files are those published on ${day(since)}`,
      next: 'check the download: it may have brought yesterday’s files',
    },
    'source-missing-optional': {
      title: 'no file',
      text: () => 'no file matches; it is not required',
      next: 'nothing, unless you expected one',
    },
    'source-repeated': {
      title: 'file twice',
      text: ({ file }) => `${file} has the content of another file and was not read again`,
      next: 'remove one of them',
    },
    'file-unexpected': {
      title: 'unknown file',
      text: ({ file }) => `${file} matches no dataset and was not read`,
      next: 'remove it, or name it in the "match" of a dataset',
    },
    'run-aborted': {
      title: 'an earlier run died',
      text: ({ run, host, at }, { moment }) =>
        `the run ${run}, begun on ${host} at ${moment(at)}, never ended; nothing of it was published`,
      next: 'look into the log of that machine: memory, a restart, a time limit',
    },
    'run-missed': {
      title: 'runs that never started',
      text: ({ moments }, { moment, list }) => `no run is on record for ${list(moments.map(moment))}`,
      next: 'look whether the cron runs and what it printed',
    },
    'column-missing': {
      title: 'column missing',
      text: ({ column, file }) => `${file} has no column for ${column}; it is blank`,
      next: 'if it has a new name, add that to "from"',
    },
    'column-renamed': {
      title: 'column renamed',
      text: ({ header, column, file }) => `the column ${header} of ${file} is called ${column}: names that begin with _ are ours`,
      next: null,
    },
    'column-emptied': {
      title: 'column emptied',
      text: ({ column, before, now }, { percent }) =>
        `${column} is filled in ${percent(now)} of the records, and was in ${percent(before)}`,
      next: 'compare the file with yesterday’s',
    },
    'header-drift': {
      title: 'other columns',
      text: ({ added, lost, renamed }, { list }) =>
        [
          ...(added.length > 0 ? [`new columns ${list(added)}`] : []),
          ...(lost.length > 0 ? [`lost columns ${list(lost)}`] : []),
          ...renamed.map(({ from, to }) => `${list([from])} is probably called ${list([to])} now`).slice(0, mostRenamed),
        ].join('; '),
      next: 'compare the header with the columns of the configuration',
    },
    'text-damaged': {
      title: 'damaged text',
      text: ({ file, replaced, double_encoded }, { plural }) =>
        `${file} holds ${plural(replaced, '# replacement character', '# replacement characters')} and ${plural(double_encoded, '# place that was encoded twice', '# places that were encoded twice')}`,
      next: 'download it again; format.encoding says how it is to be read',
    },
    'reconcile-mismatch': {
      title: 'the table differs from its files',
      text: ({ level, missing, extra, different, summary }, { number, plural }) =>
        missing + extra + different > 0
          ? `two audits in a row (${level}) found ${plural(missing, '# record', '# records')} missing, ${number(extra)} extra and ${number(different)} different`
          : `two audits in a row (${level}) found a difference: ${summary}`,
      next: 'projetus reconcile --level content shows which; then run --force, or take the change back',
    },
  },
  holds: {
    volume: { title: 'held: unusual number of records', text: ({ message }) => message, next: 'check that the file is whole' },
    vanish: { title: 'held: too many records vanished', text: ({ message }) => message, next: 'check that the file is whole' },
    columns: { title: 'held: values of columns', text: ({ message }) => message, next: 'compare the file with yesterday’s' },
    encoding: { title: 'held: damaged text', text: ({ message }) => message, next: 'download the file again' },
    relations: { title: 'held: nothing fits together', text: ({ message }) => message, next: 'look at both files' },
    stale: { title: 'held: old files', text: ({ message }) => message, next: 'check the download' },
    filter: {
      title: 'held: the filter lets nothing through',
      text: ({ message }) => message,
      next: 'compare "where" with the file',
    },
  },
  errors: englishErrors,
  frame: {
    resolved: 'resolved',
    resolvedText: (since) => `it was open since ${since}`,
    counted: (critical, warnings, infos, resolved) =>
      [
        ...(critical > 0 ? [`${critical} critical`] : []),
        ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
        ...(infos > 0 ? [`${infos} info`] : []),
        ...(resolved > 0 ? [`${resolved} resolved`] : []),
      ].join(', '),
    severity: { critical: 'CRITICAL', warning: 'WARNING', info: 'INFO' },
    footer: ({ run, day, version, at }) =>
      [...(run ? [`run ${run}`] : []), ...(day ? [`business date ${day}`] : []), `projetus ${version}`, at].join(' · '),
    done: {
      title: 'done',
      text: (datasets, seconds, { number }) => {
        const parts = datasets.map(({ name, read, changes, isUnchanged }) =>
          isUnchanged ? `${name}: unchanged` : `${name}: ${number(read)} rows read, ${number(changes)} changes`,
        );
        return `${parts.join('; ')} (${number(seconds)} s)`;
      },
    },
    test: { title: 'a test', text: 'This is a test of projetus: alerts arrive here.' },
    repeated: (since) => `since ${since}`,
    release: (command) => `if it is right: ${command}`,
  },
};
