import type { Progress } from '../run/job.ts';
import type { Out } from './world.ts';
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
    if (progress.phase === 'failing') return;
    const now = clock().getTime();
    if (!isWanted || now - drawnAt < redrawMs) return;
    drawnAt = now;
    isDrawn = true;
    // A terminal that does not know its width says 0.
    out.write(`\r\u001b[K${text(progress).slice(0, (out.columns || 80) - 1)}`);
  };
  return { show, clear };
}

function text(progress: Exclude<Progress, { phase: 'connecting' | 'failing' }>): string {
  if (progress.phase !== 'reading') return `${progress.phase} ${progress.dataset}`;
  return `reading ${progress.dataset}: ${printable(progress.file)}, ${progress.rows.toLocaleString('en-US')} rows`;
}
