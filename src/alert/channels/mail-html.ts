import type { Digest, DigestItem } from '../channel.ts';
import { itemMark } from './marks.ts';

const colours = { critical: '#d32f2f', warning: '#ef6c00', info: '#1976d2' };
const resolved = '#2e7d32';

/** One column that fits a phone, styles in the elements (mail programs drop style sheets), nothing loaded from anywhere. */
export function mailHtml({ items, footer }: Digest): string {
  return `<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:16px;font:16px/1.5 sans-serif">
<div style="max-width:600px;margin:0 auto">
${items.map(itemHtml).join('\n')}
<p style="margin:24px 0 0;font-size:13px;color:#757575">${lines(footer)}</p>
</div></body></html>
`;
}

function itemHtml(item: DigestItem): string {
  const colour = item.isResolved ? resolved : colours[item.severity];
  const next = item.next === null ? '' : `<p style="margin:4px 0">👉 ${lines(item.next)}</p>`;
  return `<div style="margin:0 0 16px;padding:4px 0 4px 12px;border-left:4px solid ${colour}">
<p style="margin:4px 0"><strong>${itemMark(item)} ${lines(item.title)}</strong></p>
<p style="margin:4px 0">${lines(item.text)}</p>${next}
<p style="margin:4px 0;font-size:13px;color:#757575">${lines(item.code)}</p>
</div>`;
}

function lines(text: string): string {
  return escaped(text).replaceAll('\n', '<br>\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
