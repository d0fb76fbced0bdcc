import type { Digest, DigestItem } from '../channel.ts';

const longest = { subject: 200, title: 200, text: 2000, next: 500, code: 50, footer: 500 };
const mostItems = 50;
/** Of all items together: four screens of a phone, and at most half a dozen Telegram messages, which allows 20 a minute. */
const longestItems = 12_000;

/**
 * A digest that fits every channel: texts cut with an ellipsis, without control characters, and at most 50 items and
 * 12,000 characters of them; the others, which are the least severe, are counted above the footer. So the longest item
 * fits into one Telegram message, and nothing needs cutting later.
 */
export function boundDigest(digest: Digest): Digest {
  const items: DigestItem[] = [];
  let room = longestItems;
  for (const item of digest.items.slice(0, mostItems)) {
    const bounded = boundItem(item);
    room -= bounded.title.length + bounded.text.length + (bounded.next?.length ?? 0);
    if (room < 0) break;
    items.push(bounded);
  }
  const left = digest.items.length - items.length;
  const footer = block(digest.footer, longest.footer);
  return {
    ...digest,
    subject: line(digest.subject, longest.subject),
    items,
    footer: left === 0 ? footer : `… +${left}\n\n${footer}`,
  };
}

function boundItem(item: DigestItem): DigestItem {
  return {
    ...item,
    code: line(item.code, longest.code),
    title: line(item.title, longest.title),
    text: block(item.text, longest.text),
    next: item.next === null ? null : block(item.next, longest.next),
  };
}

function line(text: string, limit: number): string {
  return cut(
    clean(text.slice(0, 2 * limit))
      .replace(/\s+/g, ' ')
      .trim(),
    limit,
  );
}

function block(text: string, limit: number): string {
  return cut(
    clean(text.slice(0, 2 * limit))
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    limit,
  );
}

/** Without control characters, and without those that turn the direction of what follows (they disguise text). */
function clean(text: string): string {
  return text.toWellFormed().replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '');
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Not through the middle of an emoji.
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
