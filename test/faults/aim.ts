import { isCommit, type Link, type Watcher } from '../support/proxy.ts';

/** Where in a run a fault can hit, as its connection shows it. */
export const phases = ['before', 'copy', 'classify', 'publish', 'commit', 'after'] as const;

export type Phase = (typeof phases)[number];

/** Fires at the given message of a phase, counted from 0 in both directions; or so many milliseconds after the start. */
export type Aim = { readonly phase: Phase; readonly message: number } | { readonly afterMs: number };

export type Aimed = Watcher & {
  readonly phase: () => Phase;
  /** The clock of an aim that waits for one. */
  readonly start: () => void;
};

/**
 * Follows a run by what it says to the server, and calls `fire` once, in the phase that it aims at. `keep`: the message
 * at which it fires is kept back.
 */
export function aimAt(aim: Aim, keep: boolean, fire: (phase: Phase, link: Link) => void): Aimed {
  let phase: Phase = 'before';
  let commits = 0;
  let messages = 0;
  // What comes later asks how the first one ended.
  let first: Link | null = null;
  let isFired = false;
  const fireNow = (link: Link) => {
    if (isFired) return;
    isFired = true;
    fire(phase, link);
  };
  const enter = (next: Phase) => {
    phase = next;
    messages = 0;
  };
  const see = (link: Link): boolean => {
    const isHit = !isFired && 'phase' in aim && aim.phase === phase && messages++ >= aim.message;
    if (isHit) fireNow(link);
    return !(isHit && keep);
  };
  return {
    toServer: (chunk, link) => {
      if (!isStartup(chunk)) first ??= link;
      if (link !== first) return true;
      if (isCommit(chunk)) commits++;
      const next = phaseAt(chunk, phase, commits);
      if (next !== phase) enter(next);
      return see(link);
    },
    toClient: (chunk, link) => {
      if (link !== first) return true;
      if (phase !== 'commit' || chunk[0] === errorResponse) return see(link);
      const passes = see(link);
      enter('after');
      return passes && see(link);
    },
    phase: () => phase,
    start: () => {
      if ('afterMs' in aim) setTimeout(() => first && fireNow(first), aim.afterMs).unref();
    },
  };
}

/** The letter of the message that says no. */
const errorResponse = 0x45;

/** The first COMMIT leaves the `running` row, the second one publishes. */
function phaseAt(chunk: Buffer, phase: Phase, commits: number): Phase {
  if (phase === 'commit' || phase === 'after') return phase;
  if (commits === 2) return 'commit';
  if (phase === 'publish' || chunk.includes('insert into "extraction_logs"')) return 'publish';
  if (isQuery(chunk, 'COPY "')) return 'copy';
  return chunk.includes('"_changes_') ? 'classify' : phase;
}

/** A connection that asks for TLS and gets a no says nothing else; only the first messages begin with their length. */
function isStartup(chunk: Buffer): boolean {
  return chunk[0] === 0;
}

function isQuery(chunk: Buffer, text: string): boolean {
  return chunk[0] === 0x51 && chunk.subarray(5, 5 + text.length).toString('latin1') === text;
}
