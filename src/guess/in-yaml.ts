/** Control characters, line ends of Unicode, marks of direction, and what is no character. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u;

/** A text of a file as a YAML scalar on one line, whatever it holds. */
export function inYaml(text: string): string {
  if (!unsafe.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const escaped = JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, (character) =>
    [...character].map((one) => `\\U${one.codePointAt(0)!.toString(16).padStart(8, '0')}`).join(''),
  );
  return escaped;
}

/** Words that YAML takes for something else than text. */
const special = new Set(['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n']);

/** A name of ours (small letters, digits, `_`) as it stands in YAML. */
export function keyInYaml(name: string): string {
  return special.has(name) ? `'${name}'` : name;
}
