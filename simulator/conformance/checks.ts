import { zipSync } from 'fflate';
import { ARM, type Json, SQL } from './azure.ts';
import type { Check } from './check.ts';
import { rulesOfSites } from './checks-of-rules.ts';
import { checkOfPlan, checksOfSites, STAGING } from './checks-of-sites.ts';
import { checksOfSql } from './checks-of-sql.ts';
import { follow, part, said } from './follow.ts';

/** In this order: later ones find what earlier ones made. */
export const checks: readonly Check[] = [
  {
    name: 'unknown-api-version',
    question: 'What does Azure answer to an api-version that it never had?',
    relied: '400 NoRegisteredProviderFound',
    ask: async (azure, { site }) => said(await azure.ask('GET', site, undefined, '1999-01-01')),
  },
  {
    name: 'slot-is-created',
    question: 'Is a slot made by one PUT, answered when it is there?',
    relied: '200 Running',
    async ask(azure, { site, location }) {
      const { body } = await azure.ask('GET', site);
      const properties = { serverFarmId: part(body).serverFarmId };
      const made = await azure.ask('PUT', `${site}/slots/${STAGING}`, { location, properties });
      return `${made.status} ${part(made.body).state}`;
    },
  },
  {
    name: 'upload-to-a-stopped-slot',
    question: 'Does SCM take a package while the slot is stopped?',
    relied: 'open',
    async ask(azure, { site }) {
      const slot = `${site}/slots/${STAGING}`;
      await azure.ask('POST', `${slot}/stop`);
      const { body } = await azure.ask('GET', slot);
      const scm = await azure.scm('POST', `https://${scmHost(body)}/api/publish?type=zip&async=true`, PACKAGE);
      await azure.until(
        () => azure.scm('GET', `https://${scmHost(body)}/api/deployments/latest`),
        ({ body: deployment, status }) => status === 404 || deployment.complete === true || status === 403,
      );
      await azure.ask('POST', `${slot}/start`);
      return String(scm.status);
    },
  },
  {
    name: 'tags-and-config-in-a-swap',
    question: 'Which of tags, HTTP/2 and auto-heal does a swap carry?',
    relied: 'open',
    async ask(azure, { site, location }) {
      const slot = `${site}/slots/${STAGING}`;
      const tag = { properties: { tags: { 'zdd-of-slot': 'yes' } }, operation: 'Merge' };
      await azure.ask('PATCH', `${slot}/providers/Microsoft.Resources/tags/default`, tag, ARM);
      const properties = { http20Enabled: false, autoHealEnabled: true };
      await azure.ask('PATCH', `${slot}/config/web`, { location, properties });
      const begun = await azure.ask('POST', `${slot}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
      const ended = await follow(azure, begun);
      const production = await azure.ask('GET', `${site}/config/web`);
      const tags = await azure.ask('GET', `${site}/providers/Microsoft.Resources/tags/default`, undefined, ARM);
      const carried = Object.entries(properties).filter(([name, value]) => part(production.body)[name] === value);
      const isTagCarried = 'zdd-of-slot' in ((part(tags.body).tags ?? {}) as Json);
      return `swap ${ended.status}; carried: ${[...carried.map(([name]) => name), ...(isTagCarried ? ['tags'] : [])].join(', ') || 'nothing'}`;
    },
  },
  {
    name: 'swap-is-recorded',
    question: 'Does production show by slotSwapStatus that it was swapped, and with whom?',
    relied: `${STAGING} to Production`,
    async ask(azure, { site }) {
      const { body } = await azure.ask('GET', site);
      const status = (part(body).slotSwapStatus ?? {}) as Json;
      return `${status.sourceSlotName} to ${status.destinationSlotName}`;
    },
  },
  ...rulesOfSites,
  ...checksOfSites,
  {
    name: 'copy-onto-a-name',
    question: 'What is a copy onto a database that exists?',
    relied: '202 UpdateLogicalDatabase',
    async ask(azure, { database, location }) {
      const copy = { location, properties: { createMode: 'Copy', sourceDatabaseId: database } };
      const target = database.replace(/shop$/, 'copied');
      const first = await azure.ask('PUT', target, { ...copy, tags: { kept: 'yes' } }, SQL);
      await follow(azure, first);
      const second = await azure.ask('PUT', target, copy, SQL);
      await follow(azure, second);
      return `${second.status} ${second.body.operation}`;
    },
  },
  {
    name: 'tags-of-a-copy',
    question: 'Does a copy come out with the tags of its PUT?',
    relied: 'open',
    async ask(azure, { database, location }) {
      const target = database.replace(/shop$/, 'tagged');
      const properties = { createMode: 'Copy', sourceDatabaseId: database };
      await follow(azure, await azure.ask('PUT', target, { location, tags: { kept: 'yes' }, properties }, SQL));
      const { body } = await azure.ask('GET', target, undefined, SQL);
      return JSON.stringify(body.tags ?? {});
    },
  },
  {
    name: 'tag-write-of-a-database',
    question: 'How is a write of tags to a database answered, and what does its poll say?',
    relied: '202, then 404 InvalidResourceType',
    async ask(azure, { database }) {
      const at = `${database.replace(/shop$/, 'tagged')}/providers/Microsoft.Resources/tags/default`;
      const body = { operation: 'Merge', properties: { tags: { more: 'yes' } } };
      const written = await azure.ask('PATCH', at, body, ARM);
      if (written.headers.location === undefined) return `${written.status}, without a poll`;
      const polled = await azure.ask('GET', written.headers.location);
      await azure.until(
        () => azure.ask('GET', at, undefined, ARM),
        ({ body: tags }) => 'more' in ((part(tags).tags ?? {}) as Json),
      );
      return `${written.status}, then ${said(polled)}`;
    },
  },
  {
    name: 'rename-keeps-the-id',
    question: 'Does a database keep its databaseId when it is renamed?',
    relied: '200, the same',
    async ask(azure, { database }) {
      const [from, to] = [database.replace(/shop$/, 'tagged'), database.replace(/shop$/, 'renamed')];
      const before = await azure.ask('GET', from, undefined, SQL);
      const moved = await azure.ask('POST', `${from}/move`, { id: to }, SQL);
      const after = await azure.ask('GET', to, undefined, SQL);
      const isSame = part(before.body).databaseId === part(after.body).databaseId;
      return `${moved.status}, ${isSame ? 'the same' : 'another'}`;
    },
  },
  {
    name: 'rename-below-a-lock',
    question: 'Does a CanNotDelete lock refuse a rename?',
    relied: 'open',
    async ask(azure, { database, server }) {
      const lock = `${server}/providers/Microsoft.Authorization/locks/keep`;
      await azure.ask('PUT', lock, { properties: { level: 'CanNotDelete' } }, '2020-05-01');
      const from = database.replace(/shop$/, 'renamed');
      const to = database.replace(/shop$/, 'again');
      const moved = await azure.ask('POST', `${from}/move`, { id: to }, SQL);
      const refused = await azure.ask('DELETE', database.replace(/shop$/, 'copied'), undefined, SQL);
      await azure.ask('DELETE', lock, undefined, '2020-05-01');
      return `rename ${said(moved)}; deletion ${said(refused)}`;
    },
  },
  {
    name: 'restore-to-the-future',
    question: 'How is a restore to a point in the future refused?',
    relied: 'open',
    async ask(azure, { database, location }) {
      const restorePointInTime = new Date(azure.now() + 86_400_000).toISOString();
      const properties = { createMode: 'PointInTimeRestore', sourceDatabaseId: database, restorePointInTime };
      return said(await azure.ask('PUT', database.replace(/shop$/, 'future'), { location, properties }, SQL));
    },
  },
  ...checksOfSql,
  checkOfPlan,
];

/** A page for IIS, and a program for where processes run: a swap asks for an answer, whichever it is. */
const PACKAGE = zipSync({
  'index.html': new TextEncoder().encode('<p>conformance</p>'),
  'server.js': new TextEncoder().encode(
    "require('node:http').createServer((_, answer) => answer.end('conformance')).listen(process.env.PORT)",
  ),
  'package.json': new TextEncoder().encode('{"scripts":{"start":"node server.js"}}'),
});

function scmHost(site: Json): string {
  const hosts = (part(site).hostNameSslStates ?? []) as readonly { name: string; hostType: string }[];
  return hosts.find(({ hostType }) => hostType === 'Repository')?.name ?? '';
}
