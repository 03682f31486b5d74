import { zipSync } from 'fflate';
import { cloneWorld, request } from '../model/model.ts';
import type { ModelRequest, ModelResponse, World } from '../model/world.ts';
import type { Exchange } from './azure.ts';
import { differences } from './differences.ts';
import { addRoleOfOwner, emptyAzure } from './empty-azure.ts';

/** One answer of Azure's that the model gives otherwise: a developer turns it into a change of the model. */
export interface Difference {
  readonly request: string;
  readonly found: readonly string[];
}

type Model = (world: World, asked: ModelRequest, now: number) => ModelResponse;

const STEP_MS = 5_000;
const MOST_STEPS = 1_000;

/** Sends recorded traffic to an Azure of the model that is as empty as the subscription seemed, and compares every answer. */
export function compareWithModel(
  traffic: readonly Exchange[],
  subscription: string,
  model: Model = request,
): readonly Difference[] {
  let world = emptyAzure(subscription);
  const clientId = addRoleOfOwner(world);
  const names = new Map<string, string>();
  const began = Date.UTC(2026, 0, 1);
  let now = began;
  const found: Difference[] = [];
  for (const exchange of firstAndLast(traffic.filter(({ connections }) => connections === 0))) {
    now = Math.max(now, began + exchange.at);
    const asked = modelRequest(exchange, names, clientId, now);
    let had = answerAt(model, world, asked, now);
    let differing = differencesOf(exchange, had);
    // A read may only be too early: what time mends is no difference.
    const later = exchange.method === 'GET' && differing.length > 0 ? cloneWorld(world) : undefined;
    for (let step = 1; later !== undefined && step < MOST_STEPS; step++) {
      const then = answerAt(model, later, asked, now + step * STEP_MS);
      if (differencesOf(exchange, then).length > 0) continue;
      [world, had, differing, now] = [later, then, [], now + step * STEP_MS];
      break;
    }
    now += had.delayMs;
    remember(names, exchange, had);
    // The model was quicker: there is nothing to compare with.
    if (exchange.method === 'GET' && !hasEnded(exchange) && hasEnded(had)) continue;
    if (differing.length > 0) found.push({ request: `${exchange.method} ${exchange.url}`, found: differing });
  }
  return found;
}

function answerAt(model: Model, world: World, asked: ModelRequest, now: number): Read {
  return read(model(world, asked, now));
}

function differencesOf(exchange: Exchange, had: Read): string[] {
  const status = exchange.status === had.status ? [] : [`status: ${exchange.status}, not ${had.status}`];
  const isLate = exchange.method === 'GET' && hasEnded(exchange) && !hasEnded(had);
  return [...status, ...(isLate ? ['ended, not under way'] : []), ...differences(exchange, had)];
}

/** Of a series of the same question the first and the last: how often one polls has no meaning. */
function firstAndLast(traffic: readonly Exchange[]): readonly Exchange[] {
  const question = (one: Exchange | undefined) => one && `${one.method} ${plainUrl(one.url)}`;
  return traffic.filter((one, i) => {
    const asked = question(one);
    return one.method !== 'GET' || asked !== question(traffic[i - 1]) || asked !== question(traffic[i + 1]);
  });
}

function plainUrl(url: string): string {
  return url.replace(/\?.*$/, '');
}

/** Whether an answer tells of something under way: a poll, a deployment, a database in the making. */
function hasEnded({ status, body }: Pick<Exchange, 'status' | 'body'>): boolean {
  const text = JSON.stringify(body);
  return !(status === 202 || /"(InProgress|Accepted|Running|Copying|Creating|Restoring)"/.test(withoutState(text)));
}

/** A site that runs says `"state": "Running"`, and that is no operation. */
function withoutState(text: string): string {
  return text.replaceAll(/"(state|storageRecoveryDefaultState|status)":"Running"/g, '');
}

function modelRequest(
  exchange: Exchange,
  names: ReadonlyMap<string, string>,
  clientId: string,
  now: number,
): ModelRequest {
  let url = exchange.url.replace(/^https:\/\/[^/]*(?=\/subscriptions)/, 'https://management.azure.com');
  for (const [recorded, own] of names) url = url.replaceAll(recorded, own);
  const { requestBody } = exchange;
  const text = JSON.stringify(requestBody).replaceAll(INSTANT, (then) =>
    new Date(Date.parse(then) - exchange.instant + now).toISOString(),
  );
  const body = requestBody === 'zip' ? PACKAGE : requestBody === null ? undefined : encoder.encode(text);
  return { method: exchange.method, url, headers: {}, from: '203.0.113.7', clientId, ...(body && { body }) };
}

/** A point in time is as long ago for the model as it was for Azure. */
const INSTANT = /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const encoder = new TextEncoder();
const PACKAGE = zipSync({ 'index.html': encoder.encode('') });

interface Read {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly delayMs: number;
}

function read({ status, headers, body, delayMs = 0 }: ModelResponse): Read {
  const text = new TextDecoder().decode(body);
  try {
    return { status, headers, delayMs, body: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { status, headers, delayMs, body: {} };
  }
}

/** What the model calls otherwise: operations, the hosts of slots, and workers. */
function remember(names: Map<string, string>, azure: Exchange, model: Read): void {
  for (const header of ['location', 'azure-asyncoperation']) {
    const [one, other] = [operationIn(azure.headers[header]), operationIn(model.headers[header])];
    if (one !== undefined && other !== undefined) names.set(one, other);
  }
  for (const nameIn of [repositoryOf, workerOf]) {
    const [one, other] = [nameIn(azure.body), nameIn(model.body)];
    if (one !== undefined && other !== undefined) names.set(one, other);
  }
}

/** The first of a list of a site's instances. */
function workerOf(body: unknown): string | undefined {
  const { value } = body as { value?: readonly { type?: string; name: string }[] };
  const [first] = Array.isArray(value) ? value : [];
  return first?.type?.endsWith('/instances') === true ? first.name : undefined;
}

function operationIn(url: string | undefined): string | undefined {
  const [, id] = /(?:operationresults|operationstatuses|asyncoperation)\/([0-9a-f-]{36})/i.exec(url ?? '') ?? [];
  return id;
}

function repositoryOf(body: unknown): string | undefined {
  const states = (body as { properties?: { hostNameSslStates?: { name: string; hostType: string }[] } })?.properties
    ?.hostNameSslStates;
  return Array.isArray(states) ? states.find(({ hostType }) => hostType === 'Repository')?.name : undefined;
}
