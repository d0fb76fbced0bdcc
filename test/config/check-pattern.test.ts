import { describe, expect, it } from 'vitest';
import { checkPattern } from '../../src/config/check-pattern.ts';

const good = [
  '^[0-9]{11}$',
  '^\\d+/\\d{4}$',
  '^[a-z]+(?:-[a-z]+)*$',
  '^(SIM|NÃO|)$',
  '^([0-9]{1,3}\\.){3}[0-9]{1,3}$',
  '^(?:[A-Z]+ )*[A-Z]+$',
  "^\\p{Lu}[\\p{L} .']*$",
  '(a|b)*',
  '^(?!0)\\d+$',
  '[^;]*;?',
  '(ab)+',
  '^(\\d{3}\\.?)*$',
  '(?<ano>[0-9]{4})',
  '\\\\1+',
  '(a{2}){20}',
  '(?:-([a-z]+))*',
  '((ab)c)*',
  '(\\s*\\w)*$',
  '^(?:;[a-z][a-z0-9]*)*$',
  '(?:;(?:SIM|NÃO)?)*$',
];
const catastrophic = [
  '(a+)+$',
  '^(\\w*)*$',
  '(a|a)*$',
  '(a|ab)+c',
  '([a-z]+)*@',
  '^(.*,)*$',
  '(\\d+\\.?)+',
  '(a?){30,}',
  '(?:a{1,50}){1,50}',
  '((ab)*c?)*',
  '(;a?a?)*$',
  '(;(a|a))*$',
  '(;(a?)(a?))*$',
  '(x|[w-z])+',
  '(?:)*',
  '(?:^)+',
  '((a+))*$',
  '((a+)(a+))*$',
  '((a|aa))*$',
  '((a+){2}){3}$',
  '^(a{1,9}){6}$',
  '(.)\\1+',
  '(?<q>a)\\k<q>',
  '(([a-z])+.)+[A-Z]([a-z])+$',
];
const invalid = ['[a-', '(', '*', '\\', 'a{2,1}', '\\-'];

describe('a pattern', () => {
  it.each(good)('%s is let through', (pattern) => {
    expect(checkPattern(pattern, ['p'])).toEqual([]);
  });

  it.each(catastrophic)('%s is refused, for it can take for ever', (pattern) => {
    expect(checkPattern(pattern, ['p'])).toMatchObject([
      { path: ['p'], at: 'value', message: expect.stringContaining('for ever') as string },
    ]);
  });

  it.each(invalid)('%s is refused, for it does not compile', (pattern) => {
    expect(checkPattern(pattern, ['p'])).toMatchObject([
      { message: expect.stringMatching(/^not a regular expression: \S/) as string },
    ]);
  });

  it.each(good)('%s answers at once on texts made to keep it busy', (pattern) => {
    const expression = new RegExp(pattern, 'u');
    const start = performance.now();
    for (const unit of ['a', 'A ', 'a-', '1', '1.', 'ab', '111', 'é.']) expression.test(`${unit.repeat(2000)}\u0001`);
    // A pattern that runs away takes minutes; a busy machine took 1.8 s for this.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
