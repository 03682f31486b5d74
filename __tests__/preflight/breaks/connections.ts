import { expect } from '@jest/globals';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { addDatabase } from '../../../simulator/model/sql/create.ts';
import { addNeighbour } from '../../../simulator/model/web/neighbour.ts';
import type { FineWorld } from '../fine-world.ts';
import type { Break } from './break.ts';

const CLONE = 'Server=tcp:sql.database.windows.net;Database={{clone-database}};User ID=zddadmin;Password=Simulated-1';
const WITH_CLONE = { 'its value with {{clone-database}}': CLONE };
const NOWHERE = { 'a value with which nothing is written': 'Server=tcp:nowhere.example;Database=none' };
const ELSEWHERE = 'Server=tcp:old.database.windows.net,1433;Database=legacy;User ID=u;Password=p';

export const connectionBreaks: readonly Break[] = [
  {
    what: 'a setting is a reference, under a name that says nothing',
    breaks: (fine) => set(fine, { Whatever: '@Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=db)' }),
    shows: {
      'failed connection strings': 'clone-connection-settings: Whatever=<its value with {{clone-database}}>',
    },
    fills: WITH_CLONE,
  },
  {
    what: 'references may lead to originals only if their names lie',
    breaks: (fine) =>
      set(fine, {
        Stripe__ApiKey: '@Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=s)',
        SMTP_PASSWORD: '@Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=m)',
      }),
    shows: {
      'warning references to secrets':
        'clone-connection-settings: Stripe__ApiKey={{unchanged}}\nSMTP_PASSWORD={{unchanged}}',
    },
    fills: {},
  },
  {
    what: 'JSON names the server by the name of its private link',
    breaks: (fine) => set(fine, { Logs: '{"to":"Server=sql.privatelink.database.windows.net;Database=shop"}' }),
    shows: { 'failed connection strings': 'clone-connection-settings: Logs=<its value with {{clone-database}}>' },
    fills: WITH_CLONE,
  },
  {
    what: 'a database is called as the original, on a server that nobody knows',
    inputs: { 'sql-server': 'sql', databases: 'shop' },
    breaks: (fine) => setString(fine, 'Reports', 'Server=tcp:db.contoso.com;Database=Shop;User ID=u;Password=p'),
    shows: { 'failed connection strings': 'clone-connection-settings: Reports=<its value with {{clone-database}}>' },
    fills: WITH_CLONE,
  },
  {
    what: 'an input sends the copy to the original',
    inputs: { 'clone-connection-settings': 'Extra=Server=tcp:sql.database.windows.net;Database=shop' },
    shows: { 'failed connection strings': 'clone-connection-settings: Extra=<its value with {{clone-database}}>' },
    fills: WITH_CLONE,
  },
  {
    what: 'a connection string leads to a database of another server',
    inputs: { 'sql-server': 'sql' },
    breaks: (fine) => setString(fine, 'Legacy', ELSEWHERE),
    shows: {
      'failed databases outside the deployment':
        'clone-connection-settings: Legacy=<a value with which nothing is written>',
    },
    fills: NOWHERE,
  },
  {
    what: 'a connection string to another server is not changed by an app setting',
    inputs: { 'sql-server': 'sql', 'readonly-settings': 'Legacy=nothing' },
    breaks: (fine) => setString(fine, 'Legacy', ELSEWHERE),
    shows: {
      'failed databases outside the deployment':
        'clone-connection-settings: Legacy=<a value with which nothing is written> (and take Legacy out of readonly-settings)',
    },
    fills: { 'a value with which nothing is written': 'nothing' },
  },
  {
    what: 'the copy may write to another server, as somebody said',
    inputs: { 'sql-server': 'sql', 'clone-connection-settings': 'Legacy={{unchanged}}' },
    breaks: (fine) => setString(fine, 'Legacy', ELSEWHERE),
    shows: {},
  },
  {
    what: 'an app setting to another server is changed on the copy',
    inputs: { 'sql-server': 'sql', 'readonly-settings': 'Legacy=nothing' },
    breaks: (fine) => set(fine, { Legacy: ELSEWHERE }),
    shows: {},
  },
  {
    what: 'a Function app works on the same database',
    breaks: ({ world }) => {
      addNeighbour(world, { name: 'stock', kind: 'functionapp', build: { name: 'stock', version: '1' } }, EPOCH);
    },
    shows: {
      'failed other apps': 'other-apps: stock = stop',
      'failed sessions in the originals': 'other-apps: stock = stop',
    },
    fills: {},
  },
  {
    what: 'an app that other-apps names is not there',
    inputs: { 'other-apps': 'stock = stop' },
    shows: {
      'failed other apps':
        'Correct other-apps: name = stop, or group/name = stop for an app of another resource group.',
    },
  },
  {
    what: 'an app that other-apps names may not be stopped',
    inputs: { 'other-apps': 'stock = stop' },
    breaks: ({ world }) => {
      addNeighbour(world, { name: 'stock', build: { name: 'stock', version: '1' } }, EPOCH);
      for (const { roles } of Object.values(world.principals))
        for (const role of roles) role.notActions.push('Microsoft.Web/sites/stop/action');
    },
    shows: {
      'failed permissions on rg/stock': expect.stringContaining("--role 'Website Contributor'"),
    },
  },
  {
    what: 'another database of the server is left out',
    inputs: { databases: 'shop' },
    breaks: (fine) => {
      addDatabase(fine.world, fine.server, { name: 'media' }, EPOCH);
      set(fine, { Media: 'Server=tcp:sql.database.windows.net;Database=media;User ID=zddadmin;Password=Simulated-1' });
    },
    shows: { 'warning databases outside the deployment': 'databases: shop,media' },
    fills: {},
  },
];

function set({ production: { occupant } }: FineWorld, settings: Readonly<Record<string, string>>): void {
  occupant.settings = { ...occupant.settings, ...settings };
}

function setString({ production: { occupant } }: FineWorld, name: string, value: string): void {
  occupant.connectionStrings = { ...occupant.connectionStrings, [name]: { value, type: 'SQLAzure' } };
}
