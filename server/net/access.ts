/** Who may talk to the server: the right Host and Origin, and the token where one is set. */
import type { IncomingMessage } from 'node:http';
import { isSameKey } from '../game/hub.ts';
import { isLoopback } from '../protocol/loopback.ts';

export type AccessRules = {
  /** The address the server listens on. */
  readonly host: string;
  readonly token: string | null;
};

/** Why the server may not listen there, or null: whoever can reach it could use it. */
export function exposureProblem({ host, token }: AccessRules): string | null {
  if (isLoopback(host) || token !== null) return null;
  return `On ${host} other machines can reach the server: set a --token for them.`;
}

function hostnameOf(hostHeader: string): string | null {
  return URL.canParse(`http://${hostHeader}`) ? new URL(`http://${hostHeader}`).hostname : null;
}

/**
 * A page of another site could make a browser talk to a server on loopback: by its Origin, or by a name of its own
 * that resolves to 127.0.0.1 (DNS rebinding), which shows in Host.
 * @returns why the request is refused, or null.
 */
export function refuseForeign(request: IncomingMessage, rules: AccessRules): string | null {
  const { host, origin } = request.headers;
  const hostname = host === undefined ? null : hostnameOf(host);
  if (hostname === null) return 'The request has no valid Host header.';
  if (isLoopback(rules.host) && !isLoopback(hostname))
    return `This server answers to localhost only, not to ${hostname}.`;
  if (origin === undefined) return null;
  const originHost = URL.canParse(origin) ? new URL(origin).host : null;
  return originHost === host ? null : 'Pages of other sites may not use this server.';
}

/** Whether the request shows the token, as `?token=` or as a bearer; always where none is set. */
export function hasToken(request: IncomingMessage, rules: AccessRules): boolean {
  if (rules.token === null) return true;
  const query = new URLSearchParams(/\?(.*)$/.exec(request.url ?? '')?.[1]);
  const given = query.get('token') ?? request.headers.authorization?.replace(/^Bearer /, '');
  return given !== undefined && isSameKey(given, rules.token);
}
