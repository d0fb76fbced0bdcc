import { hash } from 'node:crypto';
import type { Digest, DigestItem } from '../channel.ts';
import { itemMark, markedSubject } from './marks.ts';
import { mailHtml } from './mail-html.ts';

/** A digest as an e-mail, for the channels that send one. */
export type Mail = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** The same digest has the same Message-ID each time, and repeats of a problem refer to the first mail about it. */
export function mailOf(digest: Digest, from: string): Mail {
  const isRepeat = digest.thread !== null && digest.thread !== digest.id;
  const first = isRepeat ? messageId(digest.thread, from) : null;
  return {
    subject: markedSubject(digest),
    text: mailText(digest),
    html: mailHtml(digest),
    headers: {
      'Message-ID': messageId(digest.id, from),
      ...(first === null ? {} : { 'In-Reply-To': first, References: first }),
      // RFC 3834: nobody's absence notice shall answer.
      'Auto-Submitted': 'auto-generated',
    },
  };
}

/** `ana@example.org` or `Ana <ana@example.org>`, apart. */
export function mailbox(text: string): { readonly email: string; readonly name?: string } {
  const [, name = '', email = text] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(text) ?? [];
  return name === '' ? { email: email.trim() } : { email, name };
}

function messageId(seed: string, from: string): string {
  const domain = mailbox(from).email.split('@').at(-1);
  return `<projetus.${hash('sha256', seed).slice(0, 32)}@${domain}>`;
}

function mailText(digest: Digest): string {
  return `${[...digest.items.map(itemText), `-- \n${digest.footer}`].join('\n\n')}\n`;
}

function itemText(item: DigestItem): string {
  const lines = [`${itemMark(item)} ${item.title}`, item.text, item.next === null ? '' : `→ ${item.next}`, `[${item.code}]`];
  return lines.filter((line) => line !== '').join('\n');
}
