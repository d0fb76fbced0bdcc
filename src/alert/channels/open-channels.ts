import type { Channels } from '../../config/config.ts';
import type { Network } from '../../net/http.ts';
import type { Channel } from '../channel.ts';
import { boundDigest } from './bound-digest.ts';
import { emailChannel } from './email.ts';
import { mailgunChannel } from './mailgun.ts';
import { sendgridChannel } from './sendgrid.ts';
import { telegramChannel } from './telegram.ts';
import { webhookChannel } from './webhook.ts';

/** The channels that are enabled: one line for each that there is. What they get is bounded. */
export function openChannels(channels: Channels, network: Network): Channel[] {
  const { telegram, email, sendgrid, mailgun, webhook } = channels;
  const open = [
    telegram && telegramChannel(telegram, network),
    email && emailChannel(email, network),
    sendgrid && sendgridChannel(sendgrid, network),
    mailgun && mailgunChannel(mailgun, network),
    webhook && webhookChannel(webhook, network),
  ];
  return open
    .filter((channel) => channel !== null)
    .map(({ name, send }) => ({ name, send: (digest, signal) => send(boundDigest(digest), signal) }));
}
