/** A seeded source of chance: the same seed gives the same samples on every machine. */
export type Random = {
  /** A whole number from `low` to `high`, both included. */
  readonly integer: (low: number, high: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  readonly chance: (percent: number) => boolean;
  /** `count` decimal digits, the first possibly 0. */
  readonly digits: (count: number) => string;
};

/** xorshift32: three shifts, no state but one word. Its quality is enough for samples. */
export function seededRandom(seed: number): Random {
  let state = seed | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const integer = (low: number, high: number): number => low + (next() % (high - low + 1));
  return {
    integer,
    pick: (choices) => choices[integer(0, choices.length - 1)]!,
    chance: (percent) => integer(1, 100) <= percent,
    digits: (count) => Array.from({ length: count }, () => integer(0, 9)).join(''),
  };
}
