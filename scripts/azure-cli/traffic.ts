import type { Ready } from '../../simulator/adapters/options.ts';
import type { ModelRequest, ModelResponse } from '../../simulator/model/world.ts';

/** One request of the CLI and how it was answered, as a test replays it. */
export interface Exchange {
  readonly as: string;
  readonly method: string;
  readonly url: string;
  /** JSON as it was sent; `zip` for a package; other text as it is. */
  readonly body?: unknown;
  readonly status: number;
}

export function exchangeOf(
  { method, url, body, clientId, headers }: ModelRequest,
  { status }: ModelResponse,
): Exchange {
  const as = clientId ?? signInOf(headers.authorization);
  return { as, method, url, ...(body !== undefined && { body: bodyOf(body) }), status };
}

function signInOf(authorization?: string): string {
  if (authorization === undefined) return 'nobody';
  return atob(authorization.replace('Basic ', '')).endsWith(`:${WRONG_PASSWORD}`) ? 'wrong password' : 'password';
}

/** What a client says that is to be refused. */
const WRONG_PASSWORD = 'wrong';

/** The traffic without what differs from run to run: origins, polls, ids that clients drew. */
export function recordingOf(traffic: readonly Exchange[], ready: Ready): string {
  const names: Readonly<Record<string, string>> = { [ready.clientId]: 'deployer', [ready.operatorId]: 'operator' };
  const zone = new URL(ready.productionUrl).host.replace(/^[^.]+\./, '');
  const plain = traffic
    .filter(({ url }) => !/operationresults|AzureAsyncOperation|OperationResults/.test(url))
    // A test of its own has Graph, whose ids are drawn anew.
    .filter(({ url }) => !url.includes('/v1.0/'))
    .filter(({ method, status }) => method !== 'GET' || status !== 202)
    .map((one) => ({
      ...one,
      as: names[one.as] ?? one.as,
      url: one.url
        .replace(ready.resourceManager, '')
        .replace(zone, 'azurewebsites.net')
        .replace(/deployments\/[0-9a-f]{32}(?![0-9a-f])/, 'deployments/latest')
        .replace(/\/log\/[0-9a-f]{32}-1$/, '/log/first'),
    }));
  const kept = plain.filter((one, i) => JSON.stringify(one) !== JSON.stringify(plain[i - 1]));
  const lines = kept.map((one) =>
    JSON.stringify(one)
      .replaceAll(ready.subscriptionId, NOBODYS)
      .replaceAll(/Password=[^;"]*/g, 'Password=simulated'),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

const NOBODYS = '00000000-0000-0000-0000-000000000000';

function bodyOf(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  if (text.startsWith('PK')) return 'zip';
  return /^[[{]/.test(text) ? JSON.parse(text) : text;
}
