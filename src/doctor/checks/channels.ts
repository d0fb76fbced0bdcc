import { isIP } from 'node:net';
import { channelEndpoints, httpEndpoint, type Endpoint } from '../../alert/channels/endpoints.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import { HttpFailure, httpRequest, type Network } from '../../net/http.ts';
import { unreachable } from '../../net/reach.ts';
import { fail, ok, warn, type Finding, type Patient } from '../finding.ts';

const timeoutMs = 5_000;
/** What a proxy says that wants a password, or did not reach the server. */
const proxysOwn = new Set([407, 502, 503, 504]);

/** Connects to every channel that is enabled and to what watches the runs, and hangs up: nothing is sent. */
export async function checkChannels({ config, network, signal }: Patient): Promise<Finding[]> {
  const { pingUrl, openlineage } = config.monitoring;
  const endpoints = [
    ...channelEndpoints(config.alerting.channels),
    ...(pingUrl === null ? [] : [httpEndpoint('ping_url', pingUrl)]),
    ...(openlineage === null ? [] : [httpEndpoint('openlineage', openlineage.url)]),
  ];
  const reached = await Promise.all(
    endpoints.map(async (endpoint): Promise<Finding> => {
      const hasProxy = endpoint.name !== 'email' && network.proxies.http + network.proxies.https !== '';
      const reason = await (hasProxy
        ? unanswered({ ...network, timeoutMs }, endpoint, signal)
        : unreachable(endpoint, network.ca, timeoutMs));
      if (reason === null) return ok(endpoint.name, 'can be reached; projetus alerts test sends a message');
      return fail(endpoint.name, `cannot be reached: ${reason}`, adviceFor(endpoint.name, reason), exitCodes.unavailable);
    }),
  );
  const isSilent = Object.values(config.alerting.channels).every((channel) => channel === null);
  return isSilent ? [nobody(), ...reached] : reached;
}

/** By the way of a proxy there is no connection to look at: the server is asked for its root. */
async function unanswered(network: Network, { host, port, isTls }: Endpoint, signal: AbortSignal): Promise<string | null> {
  const url = `${isTls ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`;
  try {
    const { status } = await httpRequest(network, { url, method: 'HEAD', headers: {}, body: null }, signal);
    return proxysOwn.has(status) ? `the proxy answered ${status}` : null;
  } catch (error) {
    if (error instanceof HttpFailure) return error.message;
    throw error;
  }
}

function adviceFor(name: string, reason: string): string {
  if (reason.includes('certificate'))
    return 'let the server have a valid certificate; behind a proxy that reads along, NODE_EXTRA_CA_CERTS names its';
  if (name === 'email')
    return 'check EMAIL_SMTP_HOST and EMAIL_SMTP_PORT; many hosts block outgoing mail: then use sendgrid or mailgun';
  if (reason.includes('proxy')) return 'check HTTP_PROXY and HTTPS_PROXY; NO_PROXY names the hosts that need none';
  return 'check its address in the configuration, and whether a firewall lets connections out';
}

function nobody(): Finding {
  return warn(
    'channels',
    'no channel is enabled: nobody is told when a run fails',
    'set `enabled: true` for one under alerting, then projetus alerts test',
  );
}
