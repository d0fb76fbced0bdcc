import type { ChannelFiles, MailServiceFile } from './config-file.ts';
import type { Channels, MailService } from './config.ts';

/** The channels that are enabled; the others are null. */
export function channelsFromFile({ telegram, email, sendgrid, mailgun, webhook }: ChannelFiles): Channels {
  return {
    telegram: telegram?.enabled
      ? {
          botToken: telegram.bot_token,
          chatId: String(telegram.chat_id),
          messageThreadId: telegram.message_thread_id ?? null,
          apiUrl: telegram.api_url ?? null,
        }
      : null,
    email: email?.enabled
      ? {
          smtpHost: email.smtp_host,
          smtpPort: email.smtp_port,
          from: email.from,
          to: email.to,
          user: email.user ?? null,
          pass: email.pass ?? null,
          secure: email.secure,
        }
      : null,
    sendgrid: sendgrid?.enabled ? mailService(sendgrid) : null,
    mailgun: mailgun?.enabled ? { ...mailService(mailgun), domain: mailgun.domain } : null,
    webhook: webhook?.enabled ? { url: webhook.url, headers: webhook.headers } : null,
  };
}

function mailService(file: MailServiceFile): MailService {
  return { apiKey: file.api_key, from: file.from, to: file.to, region: file.region, apiUrl: file.api_url ?? null };
}
