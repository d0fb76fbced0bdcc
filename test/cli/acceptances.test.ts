import { describe, expect, it } from 'vitest';
import { acceptances } from '../../src/cli/acceptances.ts';

const datasets = [{ name: 'obras' }, { name: 'orgaos' }];

describe('--accept', () => {
  it('names guards and datasets', () => {
    expect(acceptances(['volume:obras', 'stale:orgaos'], datasets)).toEqual([
      { guard: 'volume', dataset: 'obras' },
      { guard: 'stale', dataset: 'orgaos' },
    ]);
  });

  it.each([
    ['volumes:obras', 'there is no guard volumes', 'did you mean volume?'],
    ['obras', 'there is no guard obras', 'the guards are: volume, vanish'],
    ['', 'there is no guard in it', 'write GUARD:NAME'],
    ['volume', 'there is no dataset in it', 'the datasets are: obras, orgaos'],
    ['volume:obra', 'there is no dataset obra', 'did you mean obras?'],
    ['volume:obras:x', 'there is no dataset obras:x', 'write GUARD:NAME'],
  ])('refuses %j', (value, message, hint) => {
    expect(() => acceptances([value], datasets)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
    );
  });
});
