import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/cli/network.ts';

const proxiesOf = (env: Record<string, string>) => networkOf({ env }, '0.0.0').proxies;

describe('the proxies of the environment', () => {
  it.each([
    { env: {}, proxies: { http: '', https: '', except: '' } },
    { env: { HTTP_PROXY: 'http://p:1' }, proxies: { http: 'http://p:1', https: 'http://p:1', except: '' } },
    {
      env: { HTTP_PROXY: 'http://p:1', https_proxy: 'https://q:2', NO_PROXY: 'a,b' },
      proxies: { http: 'http://p:1', https: 'https://q:2', except: 'a,b' },
    },
    { env: { HTTPS_PROXY: 'upper:1', https_proxy: 'lower:1' }, proxies: { http: '', https: 'http://lower:1', except: '' } },
  ])('are taken as other programs take them: $env', ({ env, proxies }) => {
    expect(proxiesOf(env)).toEqual(proxies);
  });

  it.each(['http://', 'socks5://p:1', 'http://ana:s3cr3t@:80', 'a b'])(
    'are refused without a word of what they hold: %s',
    (value) => {
      const told = (() => {
        try {
          return proxiesOf({ HTTPS_PROXY: value });
        } catch (error) {
          return error;
        }
      })();
      expect(told).toMatchObject({ code: 'usage', message: "The environment's HTTPS_PROXY is not the address of a proxy." });
      expect(JSON.stringify(told)).not.toContain('s3cr3t');
    },
  );
});
