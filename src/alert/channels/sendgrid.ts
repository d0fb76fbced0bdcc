import type { MailService } from '../../config/config.ts';
import type { Network } from '../../net/http.ts';
import { addressSecrets, safeLine } from '../../net/safe-line.ts';
import type { Channel, Digest } from '../channel.ts';
import { deliver, type Service } from './exchange.ts';
import { mailbox, mailOf } from './mail.ts';

/** Source: https://www.twilio.com/docs/sendgrid/api-reference/mail-send: `eu` is for regional subusers. */
const hosts: Readonly<Record<string, string>> = { global: 'https://api.sendgrid.com', eu: 'https://api.eu.sendgrid.com' };

/** Where the API of the region is, without a slash at the end. */
export function sendgridUrl({ apiUrl, region }: Pick<MailService, 'apiUrl' | 'region'>): string {
  return (apiUrl ?? hosts[region]!).replace(/\/+$/, '');
}

/** E-mail by SendGrid's Mail Send API, v3. */
export function sendgridChannel(config: MailService, network: Network): Channel {
  const base = sendgridUrl(config);
  const service: Service = {
    name: 'sendgrid',
    url: `${base}/v3/mail/send`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${config.apiKey}` },
    secrets: [config.apiKey, ...(config.apiUrl === null ? [] : addressSecrets(config.apiUrl))],
  };
  return {
    name: 'sendgrid',
    send: async (digest, signal) => {
      const { status, headers } = await deliver(network, service, mailJson(config, digest), signal);
      return {
        answer: safeLine(`${status} accepted as ${headers['x-message-id'] ?? 'a message without an id'}`, service.secrets),
      };
    },
  };
}

function mailJson({ from, to }: MailService, digest: Digest): string {
  const { subject, text, html, headers } = mailOf(digest, from);
  return JSON.stringify({
    // It refuses a mail that names a receiver twice.
    personalizations: [{ to: [...new Set(to)].map(mailbox) }],
    from: mailbox(from),
    subject,
    headers,
    content: [
      { type: 'text/plain', value: text },
      { type: 'text/html', value: html },
    ],
  });
}
