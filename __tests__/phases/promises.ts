import { parseName } from '../../src/deployment/names.ts';
import type { Slot } from '../../src/deployment/observed.ts';
import { parseRecord } from '../../src/deployment/record-tags.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import type { Held, Picture } from './picture.ts';

/** What is true after a green end of the phase, read from the picture alone; answers what is not. */
export function brokenPromise(phase: PhaseName, picture: Picture): string | undefined {
  const { production, slots, databases } = picture;
  const live = slots['zdd-readonly'];
  const originals = databases.filter(({ database }) => !database.name.includes('-zdd-'));
  const clones = databases.filter(({ database }) => parseName(database.name)?.kind === 'clone');
  const parsed = clones.map(({ database }) => parseRecord(database.tags)).find((found) => found !== undefined);
  const record = parsed && 'read' in parsed ? parsed.read : undefined;
  const role = production.marker?.role;
  const told = (facts: Readonly<Record<string, boolean>>) => Object.entries(facts).find(([, holds]) => !holds)?.[0];
  switch (phase) {
    case 'clone':
      return told({
        'every original has a clone': clones.length > 0 && clones.length === record?.databases.length,
        'the clones are READ_ONLY': clones.every(isClosed),
        'the lock is held': record?.lock === 'held' && record.cloned !== undefined,
        'the snapshot interval is known': clones.every(
          ({ database }) => database.tags['zdd-copy-completed-at'] !== undefined,
        ),
      });
    case 'read-only':
      // Run again in the window: visitors are on the copy already.
      if (role === 'read-only') return undefined;
      return told({
        'the copy runs in the readonly slot': live?.marker?.role === 'read-only' && live.state === 'Running',
        'it is recorded': record?.readOnlyReady !== undefined,
        'the new build waits disarmed': isDisarmed(slots['zdd-staging']),
      });
    case 'switch':
      // Run again after deploy has begun: only what it left behind for good can still be asked for.
      if (record?.deployBegun !== undefined) {
        return told({
          'production serves the read-only copy': role === 'read-only',
          'the rollback point is recorded': record.rollbackPoint !== undefined,
        });
      }
      return told({
        'production serves the read-only copy': role === 'read-only',
        'the live build is stopped': live?.state === 'Stopped',
        'its WebJobs are stopped': picture.jobsOff.includes('zdd-readonly'),
        'the originals are READ_ONLY': originals.every(isClosed),
        'the rollback point is recorded': record?.rollbackPoint !== undefined,
      });
    case 'deploy':
      return told({
        'visitors stay on the read-only copy': role === 'read-only',
        'the originals take writes': !originals.some(isClosed),
        'the new build runs as the candidate':
          record?.candidate?.role === 'new' && slots['zdd-staging']?.state === 'Running',
        'the live build is stopped': live?.state === 'Stopped',
      });
    case 'validate':
      return told({ 'a verdict is recorded': record?.verdict?.result === 'passed' });
    case 'complete':
      return told({
        'production serves the candidate': role === 'new' || role === 'live',
        'the originals take writes': !originals.some(isClosed),
        'the read-only copy is stopped': copyIn(picture)?.state !== 'Running',
        'the window is closed': record?.windowClosedAt !== undefined && record.completedAt !== undefined,
      });
    case 'cleanup':
      return told({
        'only what was set aside is left': databases.every(
          ({ database: { name } }) => !/-zdd-/.test(name) || /-failed/.test(name),
        ),
        'no tag of ours is left on an original': originals.every(
          ({ database }) => database.tags['zdd-lock'] === undefined,
        ),
        'the slots are stopped': Object.values(slots).every((slot) => slot.state === 'Stopped'),
      });
    case 'rollback':
      // Before the switch there was nothing to roll back.
      if (role !== 'read-only') return undefined;
      return told({
        'the live build runs as the candidate': record?.candidate?.role === 'live' && live?.state === 'Running',
        'its WebJobs run': !picture.jobsOff.includes('zdd-readonly'),
        'the originals take writes': !originals.some(isClosed),
        'no rollback is under way': record?.rollbackUnderWay === undefined,
      });
    case 'preflight':
    case 'status':
      return undefined;
  }
}

function isClosed({ isReadOnly }: Held): boolean {
  return isReadOnly;
}

function isDisarmed(slot: Slot | undefined): boolean {
  return slot?.state === 'Stopped' && Object.keys(slot.connectionStrings).length === 0;
}

function copyIn({ slots }: Picture) {
  return Object.values(slots).find((slot) => slot.marker?.role === 'read-only');
}
