/** JSON that PostgreSQL's jsonb takes: it has neither U+0000, which stays visible as U+2400, nor half surrogates. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\u0000', '\u2400').toWellFormed() : part,
  );
}
