import type { Path } from './path.ts';
import type { Problem } from './problems.ts';
import { regexTree, type Item } from './regex-tree.ts';

/**
 * A pattern must compile, and must not be one that some texts keep busy for hours: `(a+)+$` needs 2^n steps, and one
 * cell of 40 letters would stop the run. A repeated group is let through when it can be read in one way only. Patterns
 * that are merely slow (`.*a.*b.*`, a power of the length) are not looked for: maxLength bounds those.
 */
export function checkPattern(pattern: string, path: Path): Problem[] {
  const compileError = compileErrorOf(pattern);
  if (compileError !== null) return [{ path, at: 'value', message: `not a regular expression: ${compileError}` }];
  const hasBackreference = /\\[1-9]|\\k</.test(pattern.replace(/\\[^1-9k]/g, ''));
  if (!hasBackreference && regexTree(pattern).every((items) => items.every((item) => isHarmless(item, 1, false)))) return [];
  const message = hasBackreference
    ? 'back references can take for ever on some texts; write the pattern without'
    : 'a repeat within a repeat, which can take for ever on some texts; write it so that each text matches in one way only';
  return [{ path, at: 'value', message }];
}

/** Why a pattern does not compile, with the flag that ajv compiles it with, or null. */
function compileErrorOf(pattern: string): string | null {
  try {
    RegExp(pattern, 'u');
    return null;
  } catch (error) {
    // V8 says `Invalid regular expression: /SOURCE/u: REASON`.
    return error instanceof Error ? error.message.replace(/^.*: /s, '') : '';
  }
}

/** Repeats that stand a few times only do no harm. */
const fewTimes = 4;

/** `times`: how often what holds the item may stand, as far as its turns cannot be told apart. */
function isHarmless(item: Item, times: number, isWithinRepeat: boolean): boolean {
  if (item.atom !== null) return true;
  const turns = times * item.max;
  const isRepeated = turns > fewTimes;
  if (isRepeated && !areTurnsTold(item)) return false;
  // One turn with two readings is nothing; thirty of them are 2^30.
  if ((isRepeated || isWithinRepeat) && !hasOneReading(item)) return false;
  const isWithin = isRepeated || isWithinRepeat;
  return item.alternatives.every((items) => items.every((inner) => isHarmless(inner, isRepeated ? 1 : turns, isWithin)));
}

/** True when each turn of a repeated group has one length, or ends where a separator says. */
function areTurnsTold(group: Item): boolean {
  return group.alternatives.every((items) => (items.length > 0 && items.every(hasOneLength)) || hasSeparator(items, group));
}

/** True when a text can be read as one turn of the group in one way only. */
function hasOneReading(group: Item): boolean {
  if (group.alternatives.length > 1 && !haveDistinctHeads(group)) return false;
  return group.alternatives.every((items) => {
    const elastic = items
      .filter((item) => !hasOneLength(item))
      .map((item) => atomsOf(item).map(({ atom }) => charactersOf(atom ?? '')));
    return elastic.every((atoms, index) =>
      elastic.slice(0, index).every((others) => atoms.every((atom) => others.every((other) => !overlap(atom, other)))),
    );
  });
}

/** True when the first character tells which alternative it is. */
function haveDistinctHeads(group: Item): boolean {
  const firsts = group.alternatives.map((items) => items[0]);
  if (!firsts.every((first) => first !== undefined && isFixed(first))) return false;
  const heads = firsts.map((first) => charactersOf(first?.atom ?? ''));
  return !heads.some((head, index) => heads.slice(0, index).some((other) => overlap(head, other)));
}

function hasOneLength(item: Item): boolean {
  if (item.max !== item.min || item.max === 0) return false;
  const [only, ...others] = item.alternatives;
  return item.atom !== null || (only !== undefined && only.length > 0 && others.length === 0 && only.every(hasOneLength));
}

/** An atom at the start or end of every turn whose characters stand nowhere else in the group. */
function hasSeparator(items: readonly Item[], group: Item): boolean {
  return [items[0], items.at(-1)].some((edge) => {
    if (edge === undefined || !isFixed(edge)) return false;
    const characters = charactersOf(edge.atom ?? '');
    const others = atomsOf(group).filter((item) => item !== edge);
    return others.every((item) => !overlap(characters, charactersOf(item.atom ?? '')));
  });
}

function isFixed(item: Item): boolean {
  return item.atom !== null && item.min === item.max && item.min > 0;
}

function atomsOf(item: Item): Item[] {
  return item.atom === null ? item.alternatives.flat().flatMap(atomsOf) : [item];
}

/** Latin, its accents, and one character that stands for all others. */
const sample = [...Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code)), '\u{1F600}', '\u4E00'];

function charactersOf(atom: string): Set<string> {
  const single = new RegExp(`^${atom}$`, 'u');
  return new Set(sample.filter((character) => single.test(character)));
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return !a.isDisjointFrom(b);
}
