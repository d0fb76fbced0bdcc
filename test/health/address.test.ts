import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/health/address.ts';

describe('an address to serve', () => {
  it.each([
    ['8080', '127.0.0.1', 8080],
    ['0', '127.0.0.1', 0],
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['localhost:65535', 'localhost', 65535],
    ['[::1]:8080', '::1', 8080],
    ['[::]:8080', '::', 8080],
  ])('%s is host %s and port %i', (text, host, port) => {
    expect(readAddress(text)).toEqual({ host, port });
  });

  it.each([
    '',
    'x',
    ':8080',
    '65536',
    '-1',
    '1e3',
    '8080 ',
    'host:',
    'host:http',
    '::1:8080',
    '[::1]',
    '[::1',
    'a/b:80',
    'http://a:80',
    '999999',
  ])('refuses %j', (text) => {
    expect(() => readAddress(text)).toThrow(
      expect.objectContaining({ code: 'usage', message: `--serve ${text} is not an address.` }),
    );
  });
});
