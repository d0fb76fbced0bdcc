import { Ajv, type ValidateFunction } from 'ajv';
import type { RejectCode } from '../core/codes.ts';
import { isNumeric, type Column, type Keywords } from '../core/dataset.ts';
import { valueText, type RecordView } from '../core/record.ts';
import { compareExact, type Exact } from './coerce/exact.ts';
import { parseNumber } from './coerce/number-text.ts';
import { formats } from './formats.ts';
import { quickCheck, type QuickCheck } from './quick-check.ts';

/** Keywords on one column; `index` is its position in the record. */
export type Rule = { readonly index: number; readonly column: Column; readonly keywords: Keywords };

/** Every keyword that a record's values break. A NULL breaks none: a blank is `required_values`' business. */
export type RuleCheck = (view: RecordView) => readonly { readonly index: number; readonly code: RejectCode }[];

/** Compiles the rules once. Only what a quick check of its bytes does not settle is decoded, and judged by ajv. */
export function compileRules(rules: readonly Rule[]): RuleCheck {
  const active = rules.filter((rule) => Object.keys(rule.keywords).length > 0);
  if (active.length === 0) return () => noViolations;
  const validate = newAjv().compile(schemaOf(active));
  // One object for all records. Its keys are c0, c1, …: a column's name needs no escaping in ajv's paths then.
  const values: Record<string, string | undefined> = {};
  const places = active.map((rule, position) => ({ index: rule.index, name: `c${position}`, surelyKeeps: quickCheck(rule) }));
  const isSettled = ({ buffers, starts, ends }: RecordView, { index, surelyKeeps }: Place): boolean =>
    starts[index]! < 0 || surelyKeeps(buffers[index]!, starts[index]!, ends[index]!);
  return (view) => {
    let isDoubtful = false;
    for (const place of places) if (!isSettled(view, place)) isDoubtful = true;
    if (!isDoubtful) return noViolations;
    for (const place of places) values[place.name] = isSettled(view, place) ? undefined : valueText(view, place.index)!;
    return validate(values) ? noViolations : violationsOf(validate, active);
  };
}

type Place = { readonly index: number; readonly name: string; readonly surelyKeeps: QuickCheck };

const noViolations: readonly never[] = [];

function schemaOf(rules: readonly Rule[]): object {
  const properties = rules.map(({ column, keywords }, position) => [`c${position}`, propertySchema(column, keywords)]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}

/** Values reach ajv as canonical texts, so plain `minimum` would never look at them: "-5.00" is no JSON number. */
function propertySchema(column: Column, keywords: Keywords): object {
  const { enum: allowed, minimum, maximum, ...ofText } = keywords;
  const words = allowed?.filter((entry) => entry !== null).map(String);
  return {
    type: 'string',
    ...ofText,
    ...(words && { [isNumeric(column) ? 'enumExact' : 'enumText']: words }),
    ...(minimum !== undefined && { minimumExact: String(minimum) }),
    ...(maximum !== undefined && { maximumExact: String(maximum) }),
  };
}

/** The schema is ours and the configuration was checked already: without ajv's check of it a compilation takes 2 ms, not 25. */
function newAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: true, meta: false, validateSchema: false, formats });
  for (const [keyword, isAllowed] of Object.entries(exactKeywords)) {
    ajv.addKeyword({
      keyword,
      type: 'string',
      schemaType: ['string', 'array'],
      compile: (schema: string | readonly string[]) => isAllowed([schema].flat()),
    });
  }
  return ajv;
}

/** ajv's own enum refuses an empty list, which is what `enum: [null]` leaves of its words. */
const exactKeywords: Record<string, (words: string[]) => (text: string) => boolean> = {
  enumText: (words) => {
    const allowed = new Set(words);
    return (text) => allowed.has(text);
  },
  enumExact: (words) => (text) => words.some((word) => compareNumbers(text, word) === 0),
  minimumExact:
    ([limit]) =>
    (text) =>
      compareNumbers(text, limit!) >= 0,
  maximumExact:
    ([limit]) =>
    (text) =>
      compareNumbers(text, limit!) <= 0,
};

/** Different decimals of at most 15 digits are different doubles in the same order; longer ones are compared exactly. */
const exactDoubleDigits = 15;

function compareNumbers(a: string, b: string): number {
  if (a.length <= exactDoubleDigits && b.length <= exactDoubleDigits) return Number(a) - Number(b);
  return compareExact(exact(a), exact(b));
}

/** Canonical texts and numbers of the configuration are both plain: a dot is decimal. */
function exact(text: string): Exact {
  const value = parseNumber(text, 'plain');
  if (value === null) throw new TypeError('a rule compares numbers, and met a text that is none');
  return value;
}

const codes: Readonly<Record<string, RejectCode>> = {
  enumText: 'enum',
  enumExact: 'enum',
  minimumExact: 'minimum',
  maximumExact: 'maximum',
  pattern: 'pattern',
  minLength: 'minLength',
  maxLength: 'maxLength',
  format: 'format',
};

function violationsOf(validate: ValidateFunction, rules: readonly Rule[]): { index: number; code: RejectCode }[] {
  return (validate.errors ?? []).map(({ instancePath, keyword }) => {
    const rule = rules[Number(instancePath.slice('/c'.length))];
    const code = codes[keyword];
    if (rule === undefined || code === undefined) throw new TypeError(`ajv reported ${keyword} at ${instancePath}`);
    return { index: rule.index, code };
  });
}
