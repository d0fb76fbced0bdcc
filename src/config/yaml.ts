import {
  boolCoreTag,
  constructFromEvents,
  defineScalarTag,
  EVENT_ID,
  getScalarValue,
  JSON_SCHEMA,
  NOT_RESOLVED,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
  type Event,
} from 'js-yaml';
import { ProjetusError } from '../core/errors.ts';
import { indexPositions, lineAndColumn, type Positions, type YamlStep } from './positions.ts';

export type YamlDocument = { readonly value: unknown; readonly positions: Positions };

/** Aliases repeat what they name: a file of 1 KB can stand for billions of nodes. */
const maxAliases = 100;
const maxNodes = 100_000;
const maxDepth = 40;

/**
 * Parses one YAML document; an empty one is `{}`. Throws config-syntax with line and column.
 * The messages show no text of the file: the line may hold a password.
 */
export function parseYaml(text: string, file: string): YamlDocument {
  const events = guarded(file, text, () => parseEvents(text, { maxDepth }));
  const documents = guarded(file, text, () => constructFromEvents(events, { source: text, schema, maxAliases }));
  const steps = events.map((event) => stepOf(event, text));
  if (documents.length > 1) throw syntaxError(file, text, secondDocument(steps), 'the file holds more than one document');
  const value = documents[0] ?? {};
  if (countNodes(value, 0, 0) > maxNodes) throw syntaxError(file, text, 0, 'its aliases repeat too much');
  return { value, positions: indexPositions(steps, text) };
}

/** A key with nothing after it is null, as people expect; js-yaml's JSON schema makes it an empty text. */
const nullTag = defineScalarTag<null>('tag:yaml.org,2002:null', {
  implicit: true,
  implicitFirstChars: ['', '~', 'n'],
  resolve: (source) => (source === '' || source === '~' || source === 'null' ? null : NOT_RESOLVED),
  identify: (data) => data === null,
});

/** Scalars as in JSON: `2026-11-22`, `on` and `012` stay text, so that codes keep their leading zeros. */
const schema = JSON_SCHEMA.withTags(nullTag, boolCoreTag);

function guarded<T>(file: string, text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // js-yaml documents that any exception may come out of hostile input.
    if (!(error instanceof YAMLException)) throw syntaxError(file, text, 0, 'it cannot be parsed', error);
    const reason = error.reason
      .replace(/"[^"]*"|!<[^>]*>/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    throw syntaxError(file, text, error.mark?.position ?? 0, reason);
  }
}

function syntaxError(file: string, text: string, offset: number, reason: string, cause?: unknown): ProjetusError {
  const { line, column } = lineAndColumn(text, offset);
  return new ProjetusError('config-syntax', `${file}:${line}:${column}: not valid YAML: ${reason}`, {
    hint: `correct line ${line} of ${file}: indentation, quotes and colons`,
    file,
    line,
    column,
    // Only errors that are not js-yaml's own: those carry a snippet of the file.
    ...(cause === undefined ? {} : { cause }),
  });
}

function secondDocument(steps: readonly YamlStep[]): number {
  const second = steps.findLastIndex((step) => step.kind === 'document');
  return Math.max(steps[second + 1]?.offset ?? 0, 0);
}

function stepOf(event: Event, text: string): YamlStep {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      return { kind: 'document', offset: 0, text: '' };
    case EVENT_ID.MAPPING:
      return { kind: 'mapping', offset: event.start, text: '' };
    case EVENT_ID.SEQUENCE:
      return { kind: 'list', offset: event.start, text: '' };
    case EVENT_ID.ALIAS:
      return { kind: 'leaf', offset: event.anchorStart - 1, text: '' };
    case EVENT_ID.POP:
      return { kind: 'end', offset: -1, text: '' };
    default: {
      const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
      const offset = event.valueStart < 0 ? -1 : event.valueStart - (isQuoted ? 1 : 0);
      return { kind: 'leaf', offset, text: getScalarValue(text, event) };
    }
  }
}

/** Nodes with every alias expanded; stops just above the limit, and at a depth that only a loop reaches. */
function countNodes(value: unknown, count: number, depth: number): number {
  if (depth > maxDepth * 2) return maxNodes + 1;
  let total = count + 1;
  if (typeof value !== 'object' || value === null) return total;
  for (const child of Object.values(value)) {
    if (total > maxNodes) return total;
    total = countNodes(child, total, depth + 1);
  }
  return total;
}
