const longest = 200;
/** What is looked at of an answer: what is shown lies far within it. */
const longestRead = 4000;

/**
 * What a peer said, safe to print and to store: one line of at most 200 characters, with *** for the secrets, also where
 * the peer echoes them URL-encoded (once or again by a proxy), JSON-escaped or inside something in base64.
 */
export function safeLine(text: string, secrets: readonly string[]): string {
  const line = text
    .slice(0, longestRead)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const forms = secrets
    .filter((secret) => secret !== '')
    .toSorted((a, b) => b.length - a.length)
    .flatMap((secret) => [echoed(secret), ...[...new Set(written(secret))].flatMap(inBase64)]);
  const safe = forms.length === 0 ? line : line.replace(new RegExp(forms.join('|'), 'giu'), '***');
  return safe.length <= longest ? safe : `${safe.slice(0, longest - 1).toWellFormed()}…`;
}

/** What must not be seen of an address: all of it that may be a token. */
export function addressSecrets(address: string): string[] {
  if (!URL.canParse(address)) return [address];
  const url = new URL(address);
  const parts = [...url.pathname.split('/'), ...url.searchParams.values()];
  // Shorter parts (`v1`, `start`) are no secrets, and would black out half of an answer.
  const tokens = parts.filter((part) => part.length >= 8);
  const credentials = [url.username, url.password].map(decoded);
  return [address, url.href, url.host, ...tokens, ...tokens.map(decoded), ...credentials];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Each character as it is, after a backslash, or percent-encoded, whichever of them an encoder encodes. */
function echoed(secret: string): string {
  return [...secret]
    .map((character) => {
      const encoded = [...Buffer.from(character)].map((byte) => `%(?:25){0,2}${byte.toString(16).padStart(2, '0')}`).join('');
      return `(?:\\\\?\\u{${character.codePointAt(0)!.toString(16)}}|${encoded}${character === ' ' ? '|\\+' : ''})`;
    })
    .join('');
}

/** As it is, and as the text that was put into base64 may hold it: a JSON of our headers, or our path. */
function written(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

/**
 * The characters that depend on nothing but the secret, for each of the three ways in which it can fall on base64's groups
 * of three bytes, with what stands around them: `AUTH PLAIN` and basic authentication hold more than the password.
 */
function inBase64(secret: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const text = bytes.toString('base64').replace(/=+$/, '');
    const core = text.slice(offset === 0 ? 0 : offset + 1, bytes.length % 3 === 0 ? undefined : -1);
    if (core.length < 4) return [];
    const ofBothAlphabets = core.replaceAll(/[+/]/g, (character) => (character === '+' ? '[+\\-]' : '[\\/_]'));
    return [`[\\w+\\/=\\-]{0,100}${ofBothAlphabets}[\\w+\\/=\\-]{0,100}`];
  });
}
