import type { Progress } from '../run/job.ts';
import type { Out } from './world.ts';
import { megabytes } from './show-downloads.ts';
import { printable } from './style.ts';

/** How often a terminal's line is drawn anew. */
const redrawMs = 100;

export type ProgressLine = { readonly show: (progress: Progress) => void; readonly clear: () => void };

/** One line on stderr that says what is going on: on a terminal only, and gone at the end. */
export function progressLine(out: Out, clock: () => Date, isWanted: boolean): ProgressLine {
  let drawnAt = 0;
  let isDrawn = false;
  const clear = () => {
    if (isDrawn) out.write('\r\u001b[K');
    isDrawn = false;
  };
  const show = (progress: Progress) => {
    if (progress.phase === 'connecting') {
      clear();
      out.write(`waiting for the database: ${printable(progress.error.message)}\n`);
      return;
    }
    if (progress.phase === 'waiting') {
      clear();
      out.write(`${printable(progress.reason)}; trying again in ${progress.waitMs / 1000} s\n`);
      return;
    }
    if (progress.phase === 'failing') return;
    if (progress.phase === 'speaking') {
      const unsaid = silences(progress);
      if (unsaid.length > 0) clear();
      for (const line of unsaid) out.write(`${printable(line)}\n`);
      return;
    }
    const now = clock().getTime();
    if (!isWanted || now - drawnAt < redrawMs) return;
    drawnAt = now;
    isDrawn = true;
    // A terminal that does not know its width says 0.
    out.write(`\r\u001b[K${text(progress).slice(0, (out.columns || 80) - 1)}`);
  };
  return { show, clear };
}

/** What could not be said: a run that went well is no reason to be quiet about that. */
function silences({ told, problems }: Extract<Progress, { phase: 'speaking' }>): string[] {
  const unsent = told.filter(({ status }) => status !== 'sent');
  return [
    ...unsent.map(({ channel, status, answer }) => {
      const later = status === 'pending' ? 'the next run tries again' : 'correct it and try projetus alerts test';
      return `the alert to ${channel} was not delivered: ${answer}; ${later}`;
    }),
    ...problems,
  ];
}

function text(progress: Exclude<Progress, { phase: 'connecting' | 'failing' | 'speaking' | 'waiting' }>): string {
  if (progress.phase === 'fetching') {
    const { file, bytes, size } = progress;
    return `fetching ${printable(file)}: ${megabytes(bytes)}${size === null ? '' : ` of ${megabytes(size)}`}`;
  }
  if (progress.phase !== 'reading') return `${progress.phase} ${progress.dataset}`;
  return `reading ${progress.dataset}: ${printable(progress.file)}, ${progress.rows.toLocaleString('en-US')} rows`;
}
