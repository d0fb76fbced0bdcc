import type { Channels } from '../../config/config.ts';
import type { Network } from '../../net/http.ts';
import { addressSecrets, safeLine } from '../../net/safe-line.ts';
import type { Channel, Digest } from '../channel.ts';
import { deliver, explanation, type Service } from './exchange.ts';

/** A POST of JSON to an address of the user's. */
export function webhookChannel({ url, headers }: NonNullable<Channels['webhook']>, network: Network): Channel {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const service: Service = {
    name: 'webhook',
    url,
    headers: { 'content-type': 'application/json', ...Object.fromEntries(own) },
    // `Bearer abc`: the word is no secret.
    secrets: [...addressSecrets(url), ...own.flatMap(([, value]) => [value, value.split(' ').at(-1)!])],
  };
  return {
    name: 'webhook',
    send: async (digest, signal) => {
      const { status, body } = await deliver(network, service, digestJson(digest), signal);
      return { answer: safeLine(`${status} ${explanation(body)}`, service.secrets) };
    },
  };
}

/** A contract: only ever extended. */
function digestJson({ id, thread, severity, subject, items, footer }: Digest): string {
  return JSON.stringify({
    schema: 'projetus.alert/1',
    id,
    thread,
    severity,
    subject,
    items: items.map(({ severity, code, dataset, isResolved, title, text, next }) => {
      return { severity, code, dataset, resolved: isResolved, title, text, next };
    }),
    footer,
  });
}
