/** What a number format makes of a number. */
export const dateStyle = {
  none: 0,
  /** A day, perhaps with a time. */
  date: 1,
  /** A time of day: letters h and s, no day and no year. */
  time: 2,
  /** Hours or minutes beyond a day: `[h]:mm`. */
  elapsed: 3,
} as const;

/** Formats that a workbook names by number only. 27 to 36 and 50 to 58 are dates in East Asian languages. */
export function builtinDateStyle(id: number): number {
  if (id === 46) return dateStyle.elapsed;
  if ((id >= 18 && id <= 21) || id === 45 || id === 47) return dateStyle.time;
  if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return dateStyle.date;
  return dateStyle.none;
}

/**
 * Tells by the letters that are left of the first section (the one for positive numbers) without quoted text,
 * escaped characters, colours, conditions and locales: `[$-416]d "de" mmmm;@` is a date, `[Red]0.00 "dias"` is not.
 */
export function dateStyleOf(formatCode: string): number {
  const bare = formatCode.replace(/"[^"]*"?|[\\_*]./gs, '').split(';')[0]!;
  const isElapsed = /\[(h+|m+|s+)\]/i.test(bare);
  const letters = bare.replace(/\[[^\]]*\]?/g, '').toLowerCase();
  // The word `General` has none of these letters; some writers translate it to `Standard`.
  if (!isElapsed && (!/[dmyhs]/.test(letters) || letters.trim() === 'standard')) return dateStyle.none;
  if (isElapsed) return dateStyle.elapsed;
  if (/[dy]/.test(letters)) return dateStyle.date;
  return /[hs]/.test(letters) ? dateStyle.time : dateStyle.date;
}
