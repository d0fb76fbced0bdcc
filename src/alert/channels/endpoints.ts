import type { Channels } from '../../config/config.ts';
import { mailgunUrl } from './mailgun.ts';
import { sendgridUrl } from './sendgrid.ts';
import { telegramUrl } from './telegram.ts';

/** Where a channel connects to. */
export type Endpoint = { readonly name: string; readonly host: string; readonly port: number; readonly isTls: boolean };

/** Those of the channels that are enabled. */
export function channelEndpoints({ telegram, email, sendgrid, mailgun, webhook }: Channels): Endpoint[] {
  return [
    telegram && httpEndpoint('telegram', telegramUrl(telegram.apiUrl)),
    // TLS begins later there, and is looked at by `alerts test`.
    email && { name: 'email', host: email.smtpHost, port: email.smtpPort, isTls: false },
    sendgrid && httpEndpoint('sendgrid', sendgridUrl(sendgrid)),
    mailgun && httpEndpoint('mailgun', mailgunUrl(mailgun)),
    webhook && httpEndpoint('webhook', webhook.url),
  ].filter((endpoint) => endpoint !== null);
}

/** The server of an address; one that is no address has no host. */
export function httpEndpoint(name: string, address: string): Endpoint {
  if (!URL.canParse(address)) return { name, host: '', port: 0, isTls: false };
  const { hostname, port, protocol } = new URL(address);
  const isTls = protocol === 'https:';
  return { name, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isTls ? 443 : 80), isTls };
}
