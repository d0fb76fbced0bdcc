import { describe, expect, it } from 'vitest';
import { boundDigest } from '../../../src/alert/channels/bound-digest.ts';
import { digest, item } from '../../support/digests.ts';

describe('a bounded digest', () => {
  it('leaves a usual one as it is', () => {
    expect(boundDigest(digest)).toEqual(digest);
  });

  it.each([
    { what: 'a text of the greatest length', text: 'x'.repeat(2000), bounded: 'x'.repeat(2000) },
    { what: 'a longer one', text: 'x'.repeat(2001), bounded: `${'x'.repeat(1999)}…` },
    { what: 'an emoji at the cut', text: `${'x'.repeat(1998)}🐘🐘`, bounded: `${'x'.repeat(1998)}…` },
    { what: 'many empty lines', text: '\n\na\r\n\r\n\r\n\r\nb\t\n', bounded: 'a\n\nb' },
    { what: 'a control character', text: 'a\u0000b\u0085c', bounded: 'abc' },
    { what: 'text that turns its direction', text: 'a\u202Eb\u2066c', bounded: 'abc' },
  ])('bounds $what', ({ text, bounded }) => {
    expect(boundDigest({ ...digest, items: [{ ...item, text }] }).items[0]!.text).toBe(bounded);
  });

  it('has a subject of one line', () => {
    expect(boundDigest({ ...digest, subject: ' a\r\n\tb\u2028c ' }).subject).toBe('a b c');
  });

  it('counts the items that it leaves out above the footer', () => {
    const items = Array.from({ length: 70 }, (_, index) => ({ ...item, title: String(index) }));
    const bounded = boundDigest({ ...digest, items });
    expect(bounded.items.map(({ title }) => title)).toEqual(items.slice(0, 50).map(({ title }) => title));
    expect(bounded.footer).toBe(`… +20\n\n${digest.footer}`);
  });
});
