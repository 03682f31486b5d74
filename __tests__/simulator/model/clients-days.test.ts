import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { bodyOf, type Caller, callerOn } from './web/caller.ts';

/** What `npm run azure-cli -- <file>` and `npm run azure-actions -- <file>` wrote: every request, but for the polls. */
interface Exchange {
  readonly as: 'deployer' | 'operator' | 'password' | 'wrong password' | 'nobody';
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly status: number;
}

const OPERATOR = '5a445a44-0000-4000-8000-000000000004';
/** Longer than any operation of the model; the clients wait, too. */
const UNTIL_DONE_MS = 1_000_000;

test.each([
  ["the Azure CLI's day", 'azure-cli-day'],
  ["a day of the library of Azure's own actions", 'azure-actions-day'],
])('%s: every request is modelled, and answered with the status that the client went on with', (_whose, file) => {
  const day = JSON.parse(
    readFileSync(new URL(`../../recordings/${file}.json`, import.meta.url), 'utf8'),
  ) as readonly Exchange[];
  const caller = world();
  let password = '';
  let details = '';
  for (const [index, { as, method, url, body, status }] of day.entries()) {
    const given = as === 'wrong password' ? `${password}x` : password;
    const authorization = /password/.test(as) ? { authorization: `Basic ${btoa(given)}` } : {};
    const who = as === 'deployer' ? {} : { clientId: as === 'operator' ? OPERATOR : null };
    const asked = url.endsWith('/log/first') ? details : url;
    const answered = caller.send(method, asked, body === 'zip' ? PACKAGE : body, { headers: authorization, ...who });
    expect([index, method, url, answered.status]).toEqual([index, method, url, status]);
    if (/publishingcredentials\/list/.test(url)) {
      const { publishingUserName, publishingPassword } = bodyOf(answered).properties;
      password = `${publishingUserName}:${publishingPassword}`;
    }
    if (url.endsWith('/log')) details = JSON.parse(answered.text)[0].details_url;
    caller.wait(UNTIL_DONE_MS);
  }
});

test('basic authentication: the password of another slot, and any while it is off, are refused', () => {
  const caller = world();
  const group = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop-rg';
  const site = `${group}/providers/Microsoft.Web/sites/shop`;
  const { properties } = bodyOf(caller.send('POST', `${site}/config/publishingcredentials/list`));
  const ask = (user: unknown, password: unknown) =>
    caller.send('GET', 'https://shop.scm.azurewebsites.net/api/deployments', undefined, {
      headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
      clientId: null,
    }).status;
  const { publishingUserName: user, publishingPassword: password } = properties;
  expect([ask(user, password), ask(user, `${password}x`), ask('$shop__other', password)]).toEqual([200, 401, 401]);
  const off = { properties: { allow: false } };
  caller.send('PUT', `${site}/basicPublishingCredentialsPolicies/scm`, off, { clientId: OPERATOR });
  expect(ask(user, password)).toBe(401);
});

test('lists over the subscription show what the caller may read; who has no role anywhere is refused', () => {
  const caller = world();
  const subscription = '/subscriptions/00000000-0000-0000-0000-000000000000';
  const names = (target: string, clientId?: string) => {
    const { status, text } = caller.send('GET', target, undefined, clientId === undefined ? {} : { clientId });
    return status === 200 ? (JSON.parse(text) as { value: { name: string }[] }).value.map(({ name }) => name) : status;
  };
  caller.world.principals.stranger = { clientId: 'stranger', objectId: 's', name: 's', federated: [], roles: [] };
  caller.world.resourceGroups.other = { name: 'other', location: 'West Europe', tags: {} };
  expect(names(`${subscription}/resourceGroups`)).toEqual(['shop-rg']);
  expect(names(`${subscription}/resourceGroups`, OPERATOR)).toEqual(['shop-rg', 'other']);
  expect(names(`${subscription}/resourceGroups`, 'stranger')).toEqual([]);
  expect(names(`${subscription}/providers/Microsoft.Web/sites`)).toEqual(['shop']);
  expect(names(`${subscription}/providers/Microsoft.Web/sites`, 'stranger')).toBe(403);
  expect(names(`${subscription}/resources`)).toContain('shop-sql/shop');
  expect(names(`${subscription}/resources`, 'stranger')).toEqual([]);
});

const PACKAGE = zipSync({ 'server.js': new TextEncoder().encode('') });

/** The world of `npm run azure-cli`, in the days in which the traffic was recorded. */
function world(): Caller {
  const caller = callerOn({
    now: Date.UTC(2026, 10, 29),
    resourceGroup: 'shop-rg',
    appName: 'shop',
    serverName: 'shop-sql',
    connectionStringName: 'Shop',
    files: { 'App_Data/jobs/continuous/stock/run.js': new TextEncoder().encode('') },
  });
  const [scope, actions, notActions]: [string, string[], string[]] = [
    `/subscriptions/${caller.world.subscriptionId}`,
    ['*'],
    [],
  ];
  caller.world.principals[OPERATOR] = {
    clientId: OPERATOR,
    objectId: 'operator',
    name: 'operator',
    federated: [],
    roles: [{ scope, actions, notActions, name: 'Owner' }],
  };
  return caller;
}
