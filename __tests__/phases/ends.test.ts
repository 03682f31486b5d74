import { expect, test } from '@jest/globals';
import { parseName } from '../../src/deployment/names.ts';
import type { Slot } from '../../src/deployment/observed.ts';
import { type DeploymentRecord, isMirrored } from '../../src/deployment/record.ts';
import { parseRecord } from '../../src/deployment/record-tags.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import type { MovingApp, Picture } from './picture.ts';
import { run } from './walk.ts';
import { type Case, cases } from './ways.ts';

// What design.md (2) promises of each end, stated once more: from the picture alone, whatever the plans were.

interface End extends Case {
  readonly after: Picture;
  /** Null once it is over. */
  readonly record: DeploymentRecord | null;
  readonly earlier: DeploymentRecord | null;
  /** Other apps move along. */
  readonly companions: boolean;
}

function allEnds(): readonly End[] {
  return cases().flatMap((each) => {
    const { picture: after, stop } = run(each.picture, each.phase, each.inputs);
    if (stop) return [];
    const companions = others(after).length > 0;
    return [{ ...each, after, record: recordOf(after), earlier: recordOf(each.picture), companions }];
  });
}

function names(picture: Picture): readonly string[] {
  return picture.databases.map(({ database }) => database.name).filter((name) => !name.includes('-zdd-'));
}

function clonesIn({ databases }: Picture): Picture['databases'] {
  return databases.filter(({ database }) => parseName(database.name)?.kind === 'clone');
}

function cloneNames(picture: Picture): string {
  return clonesIn(picture)
    .map(({ database }) => database.name)
    .toSorted()
    .join();
}

function others({ companions = {} }: Picture): readonly MovingApp[] {
  return Object.values(companions);
}

function readonlySlot({ slots }: Picture): Slot | undefined {
  return slots['zdd-readonly'];
}

function stagingSlot({ slots }: Picture): Slot | undefined {
  return slots['zdd-staging'];
}

function isWindow({ production }: Picture): boolean {
  return production.marker?.role === 'read-only';
}

/** The databases that settings lead to, in the order of their names. */
function ledTo(slot: Slot | undefined): readonly string[] {
  return Object.values(slot?.connectionStrings ?? {})
    .flatMap(({ value }) => /;Database=([^;]*)/.exec(value)?.[1] ?? [])
    .toSorted();
}

function recordOf(picture: Picture): DeploymentRecord | null {
  const [found] = clonesIn(picture).flatMap(({ database }) => {
    const parsed = parseRecord(database.tags);
    return parsed && 'read' in parsed ? [parsed.read] : [];
  });
  return found ?? null;
}

type Law = readonly [what: string, phase: PhaseName, isRight: (end: End) => unknown, among?: (end: End) => boolean];

const LAWS: readonly Law[] = [
  [
    'a clone is closed unless it may be written',
    'clone',
    ({ record, after }) => clonesIn(after).every(({ isReadOnly }) => isReadOnly === (record?.mode === 'read-only')),
    ({ before }) => before === 'begun',
  ],
  [
    'the copy runs on the clones alone',
    'read-only',
    ({ after }) =>
      ledTo(isWindow(after) ? after.production : readonlySlot(after)).join() ===
      clonesIn(after)
        .map(({ database }) => database.name)
        .toSorted()
        .join(),
  ],
  [
    'the copy has the switches',
    'read-only',
    ({ after, inputs }) => {
      const copy = isWindow(after) ? after.production : readonlySlot(after);
      return copy?.appSettings[inputs['readonly-settings'] ? 'JOBS' : 'SHOP_READ_ONLY'] !== undefined;
    },
  ],
  [
    'production was not touched',
    'read-only',
    ({ after, picture }) => JSON.stringify(after.production) === JSON.stringify(picture.production),
  ],
  [
    'the window is recorded as open',
    'switch',
    ({ record }) => record?.windowOpenedAt !== undefined && record.windowClosedAt === undefined,
  ],
  [
    'no candidate is left of before',
    'switch',
    ({ record }) => record?.candidate === undefined && record?.verdict === undefined,
    ({ earlier }) => earlier?.deployBegun === undefined,
  ],
  [
    'the originals are closed where they may be restored',
    'switch',
    ({ after, inputs }) =>
      after.databases
        .filter(({ database }) => names(after).includes(database.name))
        .every(({ isReadOnly }) => isReadOnly === (inputs['no-database-rollback'] === undefined)),
    ({ before }) => before === 'ready',
  ],
  [
    'the swap is settled',
    'switch',
    ({ record }) => record?.intent === undefined && record?.swaps === record?.settledSwaps,
  ],
  [
    'other apps do not run',
    'switch',
    ({ after, inputs }) => after.appsOff.length > 0 === (inputs['other-apps'] === 'admin = stop'),
    ({ earlier }) => earlier?.deployBegun === undefined,
  ],
  [
    'it is the attempt that the record tells',
    'deploy',
    ({ record, after }) =>
      record?.attempt === record?.candidate?.attempt &&
      stagingSlot(after)?.marker?.attempt === record?.attempt &&
      stagingSlot(after)?.marker?.role === 'new',
  ],
  [
    'the new build runs on the originals alone',
    'deploy',
    ({ after }) => ledTo(stagingSlot(after)).join() === names(after).toSorted().join(),
  ],
  [
    'the new build has no switch of the copy',
    'deploy',
    ({ after }) => stagingSlot(after)?.appSettings.SHOP_READ_ONLY === undefined,
  ],
  [
    'what it began is recorded, with what it is made of',
    'deploy',
    ({ record }) =>
      record?.deployBegun !== undefined && record.fingerprint !== undefined && record.rollbackUnderWay === undefined,
  ],
  [
    'other settings are another attempt, which nobody has validated',
    'deploy',
    ({ record, earlier, after }) =>
      record?.attempt === (earlier?.attempt ?? 0) + 1 &&
      record.verdict === undefined &&
      stagingSlot(after)?.appSettings.SHOP_NAME === 'Mended',
    ({ inputs }) => inputs['app-settings'] !== undefined,
  ],
  ['the point stays', 'deploy', ({ record, earlier }) => record?.rollbackPoint === earlier?.rollbackPoint],
  [
    'commands have run for this attempt',
    'deploy',
    ({ record }) => record?.migrated === record?.attempt && record?.afterStart === record?.attempt,
    ({ way }) => way === 'commands',
  ],
  [
    'without commands none is recorded',
    'deploy',
    ({ record }) => record?.migrated === undefined && record?.afterStart === undefined,
    ({ way }) => way !== 'commands',
  ],
  [
    'whoever wrote in between is known',
    'deploy',
    ({ record }) => record?.otherWriters === 'the live build after a rollback',
    ({ before }) => before === 'rolledBack',
  ],
  [
    'nobody else wrote in between',
    'deploy',
    ({ record }) => record?.otherWriters === undefined,
    ({ before }) => before !== 'rolledBack',
  ],
  [
    'nothing but the verdict is changed',
    'validate',
    ({ after, picture }) =>
      JSON.stringify([after.production, after.slots, after.jobsOff]) ===
      JSON.stringify([picture.production, picture.slots, picture.jobsOff]),
  ],
  [
    'it is known since when visitors are on the originals',
    'complete',
    ({ record }) => record?.visitorsOnOriginalSince !== undefined,
  ],
  [
    'production serves what was the candidate',
    'complete',
    ({ record, after }) =>
      record?.candidate?.role === after.production.marker?.role &&
      record?.candidate?.attempt === after.production.marker?.attempt,
  ],
  [
    'production is on the originals alone',
    'complete',
    ({ after }) => ledTo(after.production).join() === names(after).toSorted().join(),
  ],
  [
    'all that was stopped for it runs again',
    'complete',
    ({ record, after }) => after.appsOff.length === 0 && record?.stoppedApps === undefined,
  ],
  [
    'the window is closed after it was opened',
    'complete',
    ({ record }) => (record?.windowClosedAt ?? '') > (record?.windowOpenedAt ?? 'x'),
  ],
  [
    'slots lead to no database',
    'cleanup',
    ({ after, inputs, before }) =>
      Object.values(after.slots).every(
        (slot) =>
          ledTo(slot).length === 0 ||
          (inputs['keep-live-build'] === 'true' && slot.name === 'zdd-readonly' && before === 'completed'),
      ),
  ],
  [
    'the live build keeps its databases where it is kept',
    'cleanup',
    ({ after }) => ledTo(readonlySlot(after)).length > 0,
    ({ inputs, before }) => inputs['keep-live-build'] === 'true' && before === 'completed',
  ],
  [
    'originals take writes',
    'cleanup',
    ({ after }) =>
      after.databases.every(({ database, isReadOnly }) => !names(after).includes(database.name) || !isReadOnly),
  ],
  [
    'every original is there, with no tag of ours',
    'cleanup',
    ({ after, picture }) =>
      names(after).join() === names(picture).join() &&
      after.databases.every(
        ({ database }) =>
          !names(after).includes(database.name) || !Object.keys(database.tags).some((tag) => tag.startsWith('zdd-')),
      ),
  ],
  [
    'production was not touched',
    'cleanup',
    ({ after, picture }) => JSON.stringify(after.production) === JSON.stringify(picture.production),
  ],
  [
    'nothing is under way',
    'rollback',
    ({ record }) => record?.rollbackUnderWay === undefined && record?.intent === undefined,
  ],
  [
    'nobody has validated it',
    'rollback',
    ({ record, earlier }) => record?.verdict === undefined || earlier?.verdict?.of === record.verdict.of,
  ],
  [
    'other apps run again',
    'rollback',
    ({ after, record, before }) =>
      after.appsOff.length === 0 &&
      (before === 'switched' || (record?.stoppedApps === undefined && record?.stoppedJobs === undefined)),
    ({ before }) => before !== 'completed' && before !== 'returned',
  ],
  [
    'the live build is the candidate, on the originals alone',
    'rollback',
    ({ record, after }) =>
      record?.candidate?.role === 'live' &&
      record.candidate.attempt === readonlySlot(after)?.marker?.attempt &&
      ledTo(readonlySlot(after)).join() === names(after).toSorted().join(),
    ({ after, earlier }) => isWindow(after) && earlier?.deployBegun !== undefined,
  ],
  [
    'the new build is disarmed',
    'rollback',
    ({ after }) => stagingSlot(after)?.state === 'Stopped' && ledTo(stagingSlot(after)).length === 0,
    ({ after, earlier }) =>
      isWindow(after) && earlier?.deployBegun !== undefined && stagingSlot(after)?.marker?.role === 'new',
  ],
  [
    'the content is that of the point, and what was set aside is there',
    'rollback',
    ({ after, record }) =>
      names(after).every((name) => {
        const held = after.databases.find(({ database }) => database.name === name);
        const aside = after.databases.filter(
          ({ database }) => database.name.startsWith(`${name}-zdd-`) && database.name.includes('-failed'),
        );
        return (
          held?.database.tags['zdd-restored-to'] === record?.rollbackPoint && held?.schema === '1' && aside.length >= 1
        );
      }),
    ({ inputs, before }) =>
      inputs['rollback-scope'] === 'code-and-database' && ['deployed', 'validated', 'completed'].includes(before),
  ],
  [
    'the databases are what they were',
    'rollback',
    ({ after, picture }) =>
      after.databases.map(({ database }) => database.databaseId).join() ===
      picture.databases.map(({ database }) => database.databaseId).join(),
    ({ inputs }) => inputs['rollback-scope'] === 'code',
  ],
  [
    'visitors are back before anything was changed',
    'rollback',
    ({ after, record }) =>
      after.production.marker === undefined &&
      after.production.state === 'Running' &&
      record?.windowOpenedAt === undefined &&
      record?.rollbackPoint === undefined,
    ({ before, inputs }) => before === 'switched' && inputs.mode === undefined,
  ],
  [
    'visitors are on the copy',
    'rollback',
    ({ after }) => isWindow(after),
    ({ before }) => ['deployed', 'validated', 'completed', 'rolledBack', 'returned'].includes(before),
  ],
  [
    'visitors of all apps are on copies',
    'switch',
    ({ after }) =>
      others(after).every(
        ({ production }) => production.marker?.role === 'read-only' && ledTo(production).join() === cloneNames(after),
      ),
    ({ companions }) => companions,
  ],
  [
    'no live build runs',
    'switch',
    ({ after }) => others(after).every(({ slots }) => slots['zdd-readonly']?.state === 'Stopped'),
    ({ companions, before }) => companions && before === 'ready',
  ],
  [
    'every app has its candidate, running on the originals',
    'deploy',
    ({ after }) =>
      others(after).every(({ does, slots, production }) => {
        const candidate = slots[does === 'build' ? 'zdd-staging' : 'zdd-readonly'];
        return (
          candidate?.state === 'Running' &&
          candidate.marker?.role === (does === 'build' ? 'new' : 'live') &&
          ledTo(candidate).join() === names(after).join() &&
          production.marker?.role === 'read-only'
        );
      }),
    ({ companions }) => companions,
  ],
  [
    'the live build of an app with a new one does not run',
    'deploy',
    ({ after }) =>
      others(after).every(({ does, slots }) => does === 'read-only' || slots['zdd-readonly']?.state === 'Stopped'),
    ({ companions }) => companions,
  ],
  [
    'visitors of all apps are on candidates, and no copy runs',
    'complete',
    ({ after, record }) =>
      others(after).every(
        ({ does, production, slots }) =>
          production.marker?.role === (does === 'build' && record?.candidate?.role === 'new' ? 'new' : 'live') &&
          ledTo(production).join() === names(after).join() &&
          Object.values(slots).every(({ marker, state }) => marker?.role !== 'read-only' || state === 'Stopped'),
      ),
    ({ companions }) => companions,
  ],
  [
    'the slots of other apps lead to nothing',
    'cleanup',
    ({ after, inputs, before }) =>
      others(after).every(({ slots }) =>
        Object.values(slots).every(
          (slot) =>
            slot.state === 'Stopped' &&
            (ledTo(slot).length === 0 || (inputs['keep-live-build'] === 'true' && before === 'completed')),
        ),
      ),
    ({ companions }) => companions,
  ],
  [
    'every app has its live build as the candidate, and nothing of a new one',
    'rollback',
    ({ after }) =>
      others(after).every(({ production, slots }) => {
        const { 'zdd-readonly': live, 'zdd-staging': staging } = slots;
        const isBack =
          live?.state === 'Running' && live.marker?.role === 'live' && ledTo(live).join() === names(after).join();
        return (
          production.marker?.role === 'read-only' &&
          isBack &&
          (staging?.marker?.role !== 'new' || (staging.state === 'Stopped' && ledTo(staging).length === 0))
        );
      }),
    ({ companions, after, earlier }) => companions && isWindow(after) && earlier?.deployBegun !== undefined,
  ],
  [
    'visitors of all apps are back before anything was changed',
    'rollback',
    ({ after }) => others(after).every(({ production }) => production.marker === undefined),
    ({ companions, before }) => companions && before === 'switched',
  ],
];

test('every phase ends as the design promises, in every way and after every other phase', () => {
  const ends = allEnds();
  const broken = LAWS.flatMap(([what, phase, isRight, among = () => true]) => {
    const those = ends.filter((end) => end.phase === phase && among(end));
    if (those.length === 0) return [`${what} after "${phase}": no end is like that`];
    return those
      .filter((end) => !isRight(end))
      .map(
        ({ way, before, inputs }) => `${what} after "${phase}": not so in ${way}, ${before}, ${JSON.stringify(inputs)}`,
      );
  });
  expect(broken).toEqual([]);
  // From the first swap on the record has a mirror that says the same, until "cleanup".
  const apart = ends.filter(({ after, record }) => {
    if (record === null || !isMirrored(record)) return false;
    const [first = ''] = record.databases;
    const tags = after.databases.find(({ database }) => database.name === first)?.database.tags ?? {};
    const mirrored = parseRecord(tags);
    return JSON.stringify(mirrored && 'read' in mirrored ? mirrored.read : undefined) !== JSON.stringify(record);
  });
  expect(apart.map(({ way, before, phase }) => `${way}, ${before}, ${phase}`)).toEqual([]);
});
