import type { Digest, DigestItem } from '../channel.ts';
import { itemMark, markedSubject } from './marks.ts';

/** One message, twice: as HTML, and as the text that it is once its entities are parsed. */
export type TelegramPart = { readonly html: string; readonly text: string };

/** UTF-16 units of the text after its entities are parsed. Source: Bot API, sendMessage. */
const longest = 4096;
const gap = '\n\n';

/** The messages that a bounded digest becomes: as few as its items need, an item never in two. */
export function telegramParts(digest: Digest): TelegramPart[] {
  const blocks = [bold(markedSubject(digest)), ...digest.items.map(itemBlock), plain(digest.footer)];
  const parts: TelegramPart[] = [];
  for (const block of blocks) {
    const last = parts.at(-1);
    if (last && last.text.length + gap.length + block.text.length <= longest)
      parts[parts.length - 1] = joined([last, block], gap);
    else parts.push(block);
  }
  return parts;
}

function itemBlock(item: DigestItem): TelegramPart {
  const title = joined([plain(`${itemMark(item)} `), bold(item.title)], '');
  const next = item.next === null ? [] : [plain(`👉 ${item.next}`)];
  const code = { html: `<code>${escaped(item.code)}</code>`, text: item.code };
  return joined([title, plain(item.text), ...next, code], '\n');
}

function joined(parts: readonly TelegramPart[], separator: string): TelegramPart {
  const filled = parts.filter(({ text }) => text !== '');
  return { html: filled.map(({ html }) => html).join(separator), text: filled.map(({ text }) => text).join(separator) };
}

function plain(text: string): TelegramPart {
  return { html: escaped(text), text };
}

function bold(text: string): TelegramPart {
  return { html: `<b>${escaped(text)}</b>`, text };
}

/** The three that the Bot API wants escaped. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
