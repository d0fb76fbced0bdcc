import { valueAt, type Path } from './path.ts';
import { isReference, referencesIn } from './substitute.ts';

/** Keys whose values are nobody's business, however they came into the file. */
const secretKeys = new Set(['bot_token', 'token', 'pass', 'password', 'api_key', 'url', 'ping_url', 'api_url', 'sentinel_url']);

export function isSecret(path: Path): boolean {
  return path.some((step) => step === 'headers') || secretKeys.has(String(path.at(-1)));
}

/**
 * A value as messages may show it: as it is written in the file, before any substitution. Null for one that is not
 * in the file.
 */
export function shownValue(written: unknown, path: Path): string | null {
  const value = valueAt(written, path);
  if (value === undefined) return null;
  if (typeof value === 'string') return shownText(value, isSecret(path));
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'keys with values';
  return isSecret(path) ? 'a value that is not shown' : JSON.stringify(value);
}

function shownText(text: string, hidden: boolean): string {
  if (!hidden) return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
  return isReference(text) ? referencesIn(text) : `text that is not shown ${referencesIn(text)}`.trim();
}

/** Short values are words and numbers that stand in messages anyway. */
const shortestSecret = 6;

/** A message without any value of the environment: the last door, should one have slipped into it. */
export function redact(message: string, values: ReadonlyMap<string, string>): string {
  const byLength = [...values].filter(([value]) => value.length >= shortestSecret).toSorted(([a], [b]) => b.length - a.length);
  return byLength.reduce((text, [value, reference]) => text.replaceAll(value, reference), message);
}

/** A copy of the file's tree in which secrets that were written out have no value: safe to hash. */
export function withoutSecrets(written: unknown, path: Path = []): unknown {
  if (typeof written === 'object' && written !== null) {
    if (Array.isArray(written)) return written.map((item, index) => withoutSecrets(item, [...path, index]));
    return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, withoutSecrets(value, [...path, key])]));
  }
  if (!isSecret(path)) return written;
  return typeof written === 'string' ? referencesIn(written) : null;
}
