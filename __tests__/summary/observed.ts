import type { Observed, Slot } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { freshRun } from '../../src/deployment/this-run.ts';

const host = 'shopsql.database.windows.net';
const id = '20260131-k7m2x';
export const clone = `shop-zdd-${id}`;

export function slot(name: string, database: string | undefined, marker: Slot['marker'], state: Slot['state']): Slot {
  const told = {
    name,
    id: `/sites/shop/slots/${name}`,
    state,
    host: `shop-${name}.azurewebsites.net`,
    scmHost: `shop-${name}.scm.azurewebsites.net`,
    tags: {},
    appSettings: {},
    connectionStrings:
      database === undefined
        ? {}
        : { Shop: { value: `Server=tcp:${host},1433;Database=${database}`, type: 'SQLAzure' } },
    marker,
    markerText: marker ? `${marker.deploymentId}/${marker.role}/${marker.attempt}` : '',
    build: undefined,
    travelling: {},
    swapStatus: null,
    previewWith: null,
    autoSwapWith: null,
    routed: false,
  };
  // What Azure says besides makes no difference to what is told.
  return told as unknown as Slot;
}

const record: DeploymentRecord = {
  deploymentId: id,
  app: 'rg/shop',
  run: 'o/r/1/1',
  actor: 'ann',
  lock: 'held',
  mode: 'read-only',
  databases: ['shop'],
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  profile: 'custom',
  requestedAt: '2026-01-31T14:00:00Z',
  cloned: '2026-01-31T14:02:00Z',
  readOnlyReady: { at: '2026-01-31T14:03:00Z', copy: 'seen' },
  rollbackPoint: '2026-01-31T14:05:09.1234567Z',
  swaps: 1,
  settledSwaps: 1,
  windowOpenedAt: '2026-01-31T14:05:00Z',
  attempt: 1,
  deployBegun: '2026-01-31T14:06:00Z',
  candidate: { role: 'new', attempt: 1, slot: 'zdd-staging' },
};

/** A deployment after `deploy`: visitors on the read-only copy, the new build beside it. */
export function afterDeploy(changes: Partial<DeploymentRecord> = {}): Observed {
  const database = (name: string) => ({
    id: `/databases/${name}`,
    name,
    databaseId: `id of ${name}`,
    status: 'Online',
    tags: {},
    createdAt: '2026-01-31T14:00:00Z',
  });
  const observed = {
    now: '2026-01-31T14:10:00Z',
    app: { name: 'shop', resourceGroup: 'rg' },
    production: slot('production', clone, { deploymentId: id, role: 'read-only' as const, attempt: 0 }, 'Running'),
    readonlySlot: slot('zdd-readonly', 'shop', undefined, 'Stopped'),
    stagingSlot: slot('zdd-staging', 'Shop', { deploymentId: id, role: 'new' as const, attempt: 1 }, 'Running'),
    servers: [
      {
        id: '/servers/shopsql',
        name: 'shopsql',
        host,
        port: 1433,
        names: ['shopsql', host],
        minimalTlsVersion: '1.2',
      },
    ],
    databases: [
      {
        name: 'shop',
        original: database('shop'),
        clone: database(clone),
        cloneTags: {
          deploymentId: id,
          source: 'shop',
          sourceId: 'id of shop',
          requestedAt: '2026-01-31T14:00:00Z',
          completedAt: '2026-01-31T14:01:30.5Z',
        },
        prepared: null,
        setAside: [],
      },
    ],
    record: { ...record, ...changes },
    sql: {},
    otherApps: [],
    teamSlots: [],
    companions: [],
    deploymentId: id,
    thisRun: freshRun,
  };
  // What else a look contains makes no difference to what is told.
  return observed as unknown as Observed;
}
