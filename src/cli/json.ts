/**
 * A document for `--json`. JSON leaves C1 controls and marks of direction as they are, which a terminal may obey: they
 * are escaped, as JSON allows within texts, and they stand nowhere else.
 */
export function jsonText(document: object): string {
  const text = JSON.stringify(document, null, 2).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
