import type { ChannelName } from '../../config/config-file.ts';
import { HttpFailure, httpRequest, type HttpAnswer, type Network } from '../../net/http.ts';
import { mayPass, retryAfterMs } from '../../net/retry-later.ts';
import { safeLine } from '../../net/safe-line.ts';
import { DeliveryError } from '../channel.ts';

/** A service on the other side. */
export type Service = {
  readonly name: ChannelName;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What must not be seen, even when the service says it. */
  readonly secrets: readonly string[];
};

const longestWaitMs = 24 * 3600 * 1000;

/** POSTs, and gives the answer when it is a yes. Throws DeliveryError. */
export async function deliver(network: Network, service: Service, body: string, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await exchange(network, service, body, signal);
  if (isYes(answer)) return answer;
  throw refusal(service, answer);
}

export function isYes({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** POSTs, and gives the answer, whatever it is. Throws DeliveryError when there is none. */
export async function exchange(network: Network, service: Service, body: string, signal: AbortSignal): Promise<HttpAnswer> {
  const { name, url, headers } = service;
  try {
    return await httpRequest(network, { url, method: 'POST', headers, body }, signal);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new DeliveryError(`${name}: ${error.message}`, error);
  }
}

/** Redirects are refusals too: they are not followed, since they would take the token to somewhere else. */
export function refusal({ name, secrets }: Service, answer: HttpAnswer, waitMs = retryAfterMs(answer)): DeliveryError {
  const { status } = answer;
  const said =
    status >= 300 && status < 400 ? 'a redirect, which is not followed; correct the address' : explanation(answer.body);
  return new DeliveryError(safeLine(`${name} answered ${status}${said && `: ${said}`}`, secrets), {
    isPermanent: !mayPass(status),
    retryAfterMs: waitMs === null ? null : Math.min(Math.max(waitMs, 0), longestWaitMs),
  });
}

/** The sentence within an answer: Telegram's `description`, Mailgun's `message`, SendGrid's first error; not a page of HTML. */
export function explanation(body: string): string {
  const { description, message, errors } = (jsonObject(body) ?? {}) as Partial<Record<string, unknown>>;
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  const said = [description, message, (first as { message?: unknown } | null | undefined)?.message];
  const sentence = said.find((part): part is string => typeof part === 'string');
  return sentence ?? (/^\s*</.test(body) ? '' : body);
}

export function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
