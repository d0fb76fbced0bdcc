import type { Channels } from '../../config/config.ts';
import type { Network } from '../../net/http.ts';
import { addressSecrets, safeLine } from '../../net/safe-line.ts';
import type { Channel, Digest } from '../channel.ts';
import { deliver, explanation, type Service } from './exchange.ts';
import { mailOf } from './mail.ts';

type Mailgun = NonNullable<Channels['mailgun']>;

/** Source: https://documentation.mailgun.com/docs/mailgun/api-reference/api-overview: by the region of the domain. */
const hosts: Readonly<Record<string, string>> = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' };

/** Where the API of the region is, without a slash at the end. */
export function mailgunUrl({ apiUrl, region }: Pick<Mailgun, 'apiUrl' | 'region'>): string {
  return (apiUrl ?? hosts[region]!).replace(/\/+$/, '');
}

/** E-mail by Mailgun's Messages API, v3. */
export function mailgunChannel(config: Mailgun, network: Network): Channel {
  const base = mailgunUrl(config);
  const service: Service = {
    name: 'mailgun',
    url: `${base}/v3/${encodeURIComponent(config.domain)}/messages`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`api:${config.apiKey}`).toString('base64')}`,
    },
    secrets: [config.apiKey, ...(config.apiUrl === null ? [] : addressSecrets(config.apiUrl))],
  };
  return {
    name: 'mailgun',
    send: async (digest, signal) => {
      const { status, body } = await deliver(network, service, mailForm(config, digest), signal);
      return { answer: safeLine(`${status} ${explanation(body)}`, service.secrets) };
    },
  };
}

function mailForm({ from, to }: Mailgun, digest: Digest): string {
  const { subject, text, html, headers } = mailOf(digest, from);
  const form = new URLSearchParams({ from, subject, text, html });
  for (const address of to) form.append('to', address);
  for (const [name, value] of Object.entries(headers)) form.append(`h:${name}`, value);
  return form.toString();
}
