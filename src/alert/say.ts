import { errorCodes, type ErrorCode } from '../core/codes.ts';
import { guards, type Guard } from '../core/guard.ts';
import type { ErrorFacts, WarningCode } from './facts.ts';
import { plainFormat, type Format } from './format.ts';
import { english } from './texts/en.ts';
import { portuguese } from './texts/pt-br.ts';
import type { Said, Texts } from './texts/said.ts';

export type Language = 'pt-BR' | 'en';

export function textsOf(language: Language): Texts {
  return language === 'en' ? english : portuguese;
}

/** What is said of an alert: the present one of a run, or one that is stored. */
export type Sayable = {
  readonly code: string;
  readonly dataset: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
};

/** An alert in words. A code that is not known is of another version, whose database this is too. */
export function sayAlert({ code, dataset, facts, message }: Sayable, language: Language, format: Format): Said {
  const { holds, warnings, errors, frame } = textsOf(language);
  const guard = guardOf(code);
  if (guard) {
    const said = sayEntry(holds[guard] as Entry, { ...facts, message }, format);
    return { ...said, next: `${said.next}; ${frame.release(`projetus run --accept ${guard}:${dataset}`)}` };
  }
  if (isError(code)) return errors(code, facts as ErrorFacts, format);
  if (code in warnings) return sayEntry(warnings[code as WarningCode] as Entry, facts, format);
  return { title: code, text: message, next: null };
}

/** What an alert is about, whatever the version that stored its facts. */
export function alertTitle(code: string, language: Language): string {
  const { holds, warnings, errors } = textsOf(language);
  const guard = guardOf(code);
  if (guard) return holds[guard].title;
  if (isError(code)) return errors(code, { message: '', hint: null, file: null, line: null }, plainFormat).title;
  return code in warnings ? warnings[code as WarningCode].title : code;
}

/** The texts of one code: their facts are those that the policy gave to just this code. */
type Entry = Omit<Said, 'text'> & { readonly text: (facts: unknown, format: Format) => string };

function sayEntry({ title, text, next }: Entry, facts: unknown, format: Format): Said {
  return { title, text: text(facts, format), next };
}

function guardOf(code: string): Guard | undefined {
  return guards.find((name) => code === `guard-${name}`);
}

function isError(code: string): code is ErrorCode {
  return code in errorCodes;
}
