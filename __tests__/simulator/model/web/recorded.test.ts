import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Answered, type Caller, callerOn } from './caller.ts';

/**
 * Sends what the Azure CLI sent to Azure (see __tests__/recordings/README.md) in the recorded order, and compares
 * every answer with the recorded one: status, header names, and in the body every field, value by value where the
 * value does not name a time, an address or an id.
 */
interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseHeaders: Record<string, string>;
  readonly responseBody: unknown;
}

const exchanges = JSON.parse(
  readFileSync(new URL('../../../recordings/webapp-slot-swap.json', import.meta.url), 'utf8'),
) as Exchange[];

test('every answer has the status, the headers and the fields of the recorded one', () => {
  const caller = preparedCaller();
  let location = '';
  for (const [index, exchange] of exchanges.entries()) {
    const isPoll = exchange.path.includes('/operationresults/');
    if (isPoll) caller.wait(exchange.status === 200 ? 60_000 : 5_000);
    const target = isPoll ? location : `${exchange.path}?api-version=2024-11-01`;
    const answered = caller.send(exchange.method, target, exchange.requestBody ?? undefined);
    const where = `exchange ${index}: ${exchange.method} ${exchange.path}`;
    expect([where, answered.status]).toEqual([where, exchange.status]);
    expect([where, ...headerNames(answered.headers)]).toEqual([where, ...headerNames(exchange.responseHeaders)]);
    expect([where, ...queryNames(answered.headers.location)]).toEqual([
      where,
      ...queryNames(exchange.responseHeaders.location),
    ]);
    expect([where, comparable(parse(answered))]).toEqual([where, comparable(exchange.responseBody)]);
    location = answered.headers.location ?? location;
  }
});

/** The world as it was when the recording began: sticky names and production's settings were already written. */
function preparedCaller(): Caller {
  const caller = callerOn();
  const site = caller.world.web.sites.web;
  const production = site?.slots.production;
  if (site === undefined || production === undefined) throw new Error('The world has no app.');
  production.occupant.settings = { s1: 'prod', WEBSITE_NODE_DEFAULT_VERSION: '~20' };
  production.occupant.connectionStrings = {};
  production.fixedConfig = { alwaysOn: true };
  site.slotConfigNames.appSettingNames = ['s1'];
  return caller;
}

function parse(answered: Answered): unknown {
  return answered.text === '' ? null : JSON.parse(answered.text);
}

/** Rate limits are headers of the network, not of the answer's meaning: their names differ by kind of request only. */
function headerNames(headers: Readonly<Record<string, string>>): string[] {
  return Object.keys(headers)
    .filter((name) => !['date', 'x-ms-request-id'].includes(name) && !name.startsWith('x-ms-ratelimit'))
    .sort();
}

function queryNames(url: string | undefined): string[] {
  return url === undefined ? [] : [...new URL(url).searchParams.keys()].sort();
}

const VARYING = new Set([
  'lastModifiedTimeUtc',
  'timestampUtc',
  'deploymentId',
  'customDomainVerificationId',
  'publishingUsername',
]);

/** The same value with what differs from run to run replaced by its kind. */
function comparable(value: unknown, name = ''): unknown {
  if (VARYING.has(name)) return typeof value;
  if (Array.isArray(value)) return value.map((one) => comparable(one));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, comparable(one, key)]));
  }
  return value;
}
