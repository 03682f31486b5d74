import { expect } from '@jest/globals';
import { writeRow } from '../../../simulator/model/app/database.ts';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { login } from '../../../simulator/model/sql/sessions.ts';
import type { SqlServer } from '../../../simulator/model/sql/state.ts';
import { advanceWeb } from '../../../simulator/model/web/advance.ts';
import { restart } from '../../../simulator/model/web/instances.ts';
import { addNeighbour, type Neighbour } from '../../../simulator/model/web/neighbour.ts';
import { type FineWorld, ourSlot } from '../fine-world.ts';
import { APP, type Break } from './break.ts';

const LOGIN = 'Server=tcp:sql.database.windows.net;Database=shop;User ID=zddadmin;Password=Simulated-1';

/** It has the string of the app, from a store that nobody else can read. */
const SILENT: Neighbour = {
  name: 'stock',
  kind: 'functionapp',
  namesDatabases: false,
  build: { name: 'stock', version: '1', brings: { from: 'store', strings: { Shop: LOGIN } } },
};

/** Who is in the originals. */
export const sessionBreaks: readonly Break[] = [
  {
    what: 'others are in the database',
    breaks: ({ world, server, shop }) => {
      shop.users = [{ name: 'reports', password: 'p', roles: ['db_datareader'], permissions: [] }];
      const asked = { host: server.fullyQualifiedDomainName, database: 'shop', user: 'reports', password: 'p' };
      const client = { from: '203.0.113.7', hostName: 'bi', programName: 'Excel', hostProcessId: 7 };
      login(world, { ...asked, ...client }, EPOCH);
    },
    shows: { 'warning sessions in the originals': expect.stringContaining('allow-other-writers: true') },
  },
  {
    what: 'somebody who is no app writes to the database',
    breaks: ({ world, server }) => {
      const session = login(world, { ...asAdministrator(server), ...IMPORT }, EPOCH);
      if (session.kind === 'session') writeRow(world, session.sessionId, 'import-1', 'import', EPOCH);
    },
    shows: { 'failed sessions in the originals': expect.stringContaining('allow-other-writers: true') },
  },
  {
    what: 'an app whose settings say nothing of it works on the database with the same login',
    breaks: ({ world }) => void addNeighbour(world, SILENT, EPOCH),
    shows: { 'failed sessions in the originals': 'other-apps: stock = stop' },
    fills: {},
  },
  {
    what: 'such an app, and other writers are accepted',
    inputs: { 'allow-other-writers': 'true' },
    breaks: ({ world }) => void addNeighbour(world, SILENT, EPOCH),
    shows: { 'warning sessions in the originals': 'other-apps: stock = stop' },
    fills: {},
  },
  {
    what: 'such an app, and it is named',
    inputs: { 'other-apps': 'stock = stop' },
    breaks: ({ world }) => void addNeighbour(world, SILENT, EPOCH),
    shows: {},
  },
  {
    what: 'a slot of the app runs on the database',
    breaks: (fine) => runsOnOriginal(fine, 'staging'),
    shows: { 'failed sessions in the originals': `az webapp stop ${APP} --slot staging` },
  },
  {
    what: 'the slot in which a deployment has its live build is on the database',
    breaks: (fine) => runsOnOriginal(fine, 'zdd-readonly'),
    shows: {},
  },
  {
    what: 'on Linux, where no process is told apart, more hosts are in the database than the app has instances',
    breaks: ({ world }) => {
      for (const plan of Object.values(world.web.plans)) Object.assign(plan, { reserved: true });
      addNeighbour(world, SILENT, EPOCH);
    },
    shows: { 'warning sessions in the originals': expect.stringContaining('name it with other-apps') },
  },
];

function runsOnOriginal(fine: FineWorld, name: string) {
  const { world, production } = fine;
  const slot = ourSlot(fine, name);
  slot.occupant.contentId = production.occupant.contentId;
  slot.occupant.connectionStrings = structuredClone(production.occupant.connectionStrings);
  restart(world, slot, EPOCH);
  advanceWeb(world, EPOCH + world.durations.appStart);
}

const IMPORT = { from: '203.0.113.7', hostName: 'NIGHTLY', programName: 'stock import', hostProcessId: 7 };

function asAdministrator({ fullyQualifiedDomainName, administratorLogin, administratorPassword }: SqlServer) {
  return {
    host: fullyQualifiedDomainName,
    database: 'shop',
    user: administratorLogin,
    password: administratorPassword,
  };
}
