/** Numbers and moments as people of a language and time zone write them. */
export type Format = {
  readonly number: (value: number) => string;
  /** `# records` of one or of several: the number stands for the #. */
  readonly plural: (value: number, one: string, many: string) => string;
  /** An exact decimal text, all of its digits. */
  readonly decimal: (text: string) => string;
  /** With one decimal at most. */
  readonly percent: (value: number) => string;
  /** `2026-11-22` as 22/11/2026. */
  readonly day: (day: string) => string;
  /** A moment, ISO, as day and time in the zone. */
  readonly moment: (iso: string) => string;
  /** Several names in one sentence; of more than six the rest is counted. */
  readonly list: (names: readonly string[]) => string;
};

/** A file of another kind has hundreds of new columns, and one cell of its header may hold a page. */
const mostNames = 6;
const mostCharacters = 40;

/** For logs and JSON: days and moments as ISO, numbers as they are. */
export const plainFormat: Format = {
  number: String,
  plural: (value, one, many) => (value === 1 ? one : many).replace('#', String(value)),
  decimal: (text) => text,
  percent: (value) => `${value} %`,
  day: (day) => day,
  moment: (iso) => iso,
  list: (names) => listed(names, 'and', 'more'),
};

export function createFormat(language: 'pt-BR' | 'en', timezone: string): Format {
  const locale = language === 'en' ? 'en-GB' : language;
  // 03/11/2026 is another day to an American.
  const dateStyle = language === 'en' ? 'medium' : 'short';
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 38 });
  const percents = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC' });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'short', timeZone: timezone });
  return {
    number: (value) => numbers.format(value),
    plural: (value, one, many) => (value === 1 ? one : many).replace('#', numbers.format(value)),
    decimal: (text) => decimals.format(text as Intl.StringNumericLiteral),
    percent: (value) => `${percents.format(value)} %`,
    day: (day) => days.format(new Date(`${day}T00:00:00Z`)),
    moment: (iso) => moments.format(new Date(iso)),
    list: (names) => (language === 'en' ? listed(names, 'and', 'more') : listed(names, 'e', 'outros')),
  };
}

function listed(names: readonly string[], and: string, more: string): string {
  const shown = names.slice(0, mostNames).map(short);
  if (names.length > mostNames) return `${shown.join(', ')} ${and} ${names.length - mostNames} ${more}`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${and} ${shown.at(-1)}`;
}

function short(name: string): string {
  const characters = Array.from(name.slice(0, 4 * mostCharacters));
  return characters.length <= mostCharacters ? name : `${characters.slice(0, mostCharacters - 1).join('')}…`;
}
