import type { Channels } from '../../config/config.ts';
import type { HttpAnswer, Network } from '../../net/http.ts';
import { addressSecrets, safeLine } from '../../net/safe-line.ts';
import type { Channel } from '../channel.ts';
import { exchange, explanation, isYes, jsonObject, refusal, type Service } from './exchange.ts';
import { telegramParts, type TelegramPart } from './telegram-parts.ts';

type Telegram = NonNullable<Channels['telegram']>;

/** What the Bot API answers. Source: https://core.telegram.org/bots/api#making-requests */
type BotAnswer = {
  readonly result?: { readonly message_id?: number };
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number };
};

/**
 * A bot that writes to a chat. A digest of several messages that breaks off goes on where it stopped when this process
 * tries again (after a 429, mostly); when a later one does, the messages that had arrived come twice.
 */
export function telegramChannel(config: Telegram, network: Network): Channel {
  const service = botService(config);
  const arrivedParts = new Map<string, number>();
  return {
    name: 'telegram',
    send: async (digest, signal) => {
      const parts = telegramParts(digest);
      const messageIds: (number | undefined)[] = [];
      let chatId = config.chatId;
      for (let index = arrivedParts.get(digest.id) ?? 0; index < parts.length; index++) {
        const sent = await sendPart(network, service, { ...config, chatId }, parts[index]!, signal);
        chatId = sent.chatId;
        messageIds.push(sent.messageId);
        arrivedParts.set(digest.id, index + 1);
      }
      const moved = chatId === config.chatId ? '' : `; the group has become a supergroup: set chat_id to ${chatId}`;
      return { answer: safeLine(`200 OK, message ${messageIds.join(', ')}${moved}`, service.secrets) };
    },
  };
}

/** Where the Bot API is, without a slash at the end. */
export function telegramUrl(apiUrl: string | null): string {
  return (apiUrl ?? 'https://api.telegram.org').replace(/\/+$/, '');
}

function botService({ botToken, apiUrl }: Telegram): Service {
  const base = telegramUrl(apiUrl);
  const inPath = encodeURIComponent(botToken).replaceAll('%3A', ':');
  return {
    name: 'telegram',
    url: `${base}/bot${inPath}/sendMessage`,
    headers: { 'content-type': 'application/json' },
    // The half after the colon is the secret one.
    secrets: [botToken, ...botToken.split(':').slice(1), ...(apiUrl === null ? [] : addressSecrets(apiUrl))],
  };
}

type Sent = { readonly chatId: string; readonly messageId: number | undefined };

/** One message: again to the chat that the group became, or as plain text, when the first answer asks for that. */
async function sendPart(
  network: Network,
  service: Service,
  target: Telegram,
  part: TelegramPart,
  signal: AbortSignal,
): Promise<Sent> {
  let chatId = target.chatId;
  let text: object = { text: part.html, parse_mode: 'HTML' };
  const post = async () => {
    const answer = await exchange(network, service, messageJson({ ...target, chatId }, text), signal);
    return { answer, said: (jsonObject(answer.body) ?? {}) as BotAnswer };
  };
  let { answer, said } = await post();
  const newChatId = said.parameters?.migrate_to_chat_id;
  if (typeof newChatId === 'number') {
    chatId = String(newChatId);
    ({ answer, said } = await post());
  }
  if (answer.status === 400 && explanation(answer.body).includes("can't parse entities")) {
    text = { text: part.text };
    ({ answer, said } = await post());
  }
  if (isYes(answer)) return { chatId, messageId: said.result?.message_id };
  throw botRefusal(service, answer, said);
}

function messageJson({ chatId, messageThreadId }: Telegram, text: object): string {
  const topic = messageThreadId === null ? {} : { message_thread_id: messageThreadId };
  return JSON.stringify({ chat_id: chatId, ...topic, ...text, link_preview_options: { is_disabled: true } });
}

/** `parameters.retry_after` is in seconds; there is no header. */
function botRefusal(service: Service, answer: HttpAnswer, { parameters }: BotAnswer) {
  const seconds = parameters?.retry_after;
  return typeof seconds === 'number' ? refusal(service, answer, seconds * 1000) : refusal(service, answer);
}
