import type { Database } from '../../src/azure/database-shapes.ts';
import { appKey, appOfKey } from '../../src/deployment/app-key.ts';
import { byCodeUnits, cloneName, parseName } from '../../src/deployment/names.ts';
import type { Companion, Observed, Slot, SqlFacts } from '../../src/deployment/observed.ts';
import type { ThisRun } from '../../src/deployment/this-run.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { pairsOf } from '../../src/observe/pairs.ts';
import { findRecords } from '../../src/observe/records.ts';
import type { Phase } from '../../src/phases/phase.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { withRecord } from '../../src/settings/with-record.ts';
import { connectionTo, database, ID, NOW, observed, otherApp, PACKAGE, slot } from './observed.ts';

/** All of Azure that plans depend on, as plain data. What a look at it shows follows by the action's own rules. */
export interface Picture {
  /** Seconds since {@link NOW}. */
  readonly second: number;
  readonly production: Slot;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly databases: readonly Held[];
  /** Slots whose build has its WebJobs stopped one by one: starting the app does not bring them back. */
  readonly jobsOff: readonly string[];
  /** Other apps on the databases that do not run. */
  readonly appsOff: readonly string[];
  /** Other apps that move together with the first one, by their keys. */
  readonly companions?: Readonly<Record<string, MovingApp>>;
}

/** An app with slots of its own. */
export interface MovingApp extends Pick<Picture, 'production' | 'slots' | 'jobsOff'> {
  readonly does: Companion['does'];
}

export interface Held {
  readonly database: Database;
  readonly isReadOnly: boolean;
  readonly schema: string;
}

/** The live build in production on these databases; nothing of a deployment. */
export function start(...databases: readonly string[]): Picture {
  const names = databases.length > 0 ? databases : ['shop'];
  return {
    second: 0,
    production: slot('production', { connectionStrings: connectionTo(...names) }),
    slots: {},
    databases: names.map((name) => ({ database: database(name), isReadOnly: false, schema: '1' })),
    jobsOff: [],
    appsOff: [],
  };
}

/** The same with apps beside it that are on these databases. */
export function beside(picture: Picture, companions: Readonly<Record<string, Companion['does']>>): Picture {
  const live = (does: Companion['does']): MovingApp => ({
    does,
    production: picture.production,
    slots: {},
    jobsOff: [],
  });
  return {
    ...picture,
    companions: Object.fromEntries(Object.entries(companions).map(([key, does]) => [key, live(does)])),
  };
}

/** What a run of the phase sees. */
export function look(
  picture: Picture,
  phase: Phase,
  asked: Settings,
  thisRun: ThisRun = freshRun,
): { observed: Observed; settings: Settings } {
  const all = picture.databases.map((held) => held.database);
  const named = all.filter(({ name }) => parseName(name) !== undefined);
  const { records } = findRecords({ named, candidates: all.filter((each) => !named.includes(each)) });
  const [found] = records;
  const record = found?.record ?? null;
  const settings = record ? withRecord(asked, record) : asked;
  const names = record?.databases ?? all.filter((each) => !named.includes(each)).map(({ name }) => name);
  const pairs = pairsOf({ all, named, candidates: all }, ID, [...names].sort(byCodeUnits));
  return {
    settings,
    observed: observed({
      now: instant(picture),
      production: picture.production,
      readonlySlot: picture.slots[settings.readonlySlot] ?? null,
      stagingSlot: picture.slots[settings.stagingSlot] ?? null,
      databases: pairs,
      ours: named,
      record,
      recordIn: found?.from ?? null,
      recordDatabase: found?.from === 'mirror' ? found.database.name : cloneName(pairs[0]?.name ?? '', ID),
      otherApps: [
        ...new Set([
          ...asked.otherApps.filter(({ does }) => does === 'stop').map(appKey),
          ...(record?.stoppedApps ?? []),
        ]),
      ].map((key) => otherApp(key, picture.appsOff.includes(key) ? 'Stopped' : 'Running')),
      companions: companionsIn(picture, settings),
      sql: inside(picture, phase, pairs),
      newBuild: asked.package === undefined ? null : { ...PACKAGE, path: asked.package },
      thisRun,
    }),
  };
}

function companionsIn({ companions = {} }: Picture, { readonlySlot, stagingSlot }: Settings): readonly Companion[] {
  const { app } = observed();
  return Object.entries(companions).map(([key, { does, production, slots }]) => ({
    key,
    does,
    look: {
      app: { ...app, ...appOfKey(key), id: `/subscriptions/s/sites/${key}` },
      production,
      readonlySlot: slots[readonlySlot] ?? null,
      stagingSlot: slots[stagingSlot] ?? null,
      newBuild: does === 'build' ? { ...PACKAGE, sha256: 'd'.repeat(64) } : null,
      liveImage: null,
    },
  }));
}

export function instant({ second }: Picture): string {
  return new Date(Date.parse(NOW) + second * 1000).toISOString();
}

function inside(picture: Picture, phase: Phase, pairs: Observed['databases']): Record<string, SqlFacts> {
  const wanted = pairs.flatMap((pair) => [
    ...(phase.looksInside.includes('clones') ? [pair.clone?.name] : []),
    ...(phase.looksInside.includes('originals') ? [pair.original?.name] : []),
  ]);
  const schema = phase.looksInside.includes('schema');
  return Object.fromEntries(
    picture.databases
      .filter((held) => wanted.includes(held.database.name) && held.database.status === 'Online')
      .map((held) => [
        held.database.name,
        { readOnly: held.isReadOnly, schemaVersion: schema ? held.schema : undefined },
      ]),
  );
}
