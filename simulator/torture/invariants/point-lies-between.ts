import { clients, databases, originalIds, recorded } from '../facts.ts';
import type { Invariant, Start } from '../invariant.ts';

/** Compares what the originals' contents hold with the point that is recorded on the clone or its mirror. */
export const pointLiesBetween: Invariant = {
  name: 'point-lies-between',
  holds:
    'The rollback point lies after every write of the live build and before every one of the new build, and is never replaced.',
  watch(start) {
    const { world, history } = start;
    return {
      step() {
        const point = recorded(world, 'zdd-rollback-point');
        if (point === undefined) return beforePoint(start);
        history.rollbackPoint ??= point;
        if (point !== history.rollbackPoint) {
          const replaced = replacedBadly(start, history.rollbackPoint, point);
          if (replaced !== undefined) return replaced;
          history.rollbackPoint = point;
        }
        return guarded(start) ?? between(start, Date.parse(point));
      },
      end: (isGreen) =>
        isGreen && start.phase === 'switch' && !start.allows.has('foreign-hands') ? guarded(start, true) : undefined,
    };
  },
};

/** Azure may admit a record late; that is harmless only while nothing was written between the two points, and nothing is going to be. */
function replacedBadly({ world, history }: Start, before: string, after: string): string | undefined {
  const [from = 0, to = 0] = [Date.parse(before), Date.parse(after)].sort((one, other) => one - other);
  const isBetween = history.originals.some(({ databaseId }) => {
    const database = databases(world).find((one) => one.databaseId === databaseId);
    const content = world.sql.contents[database?.contentId ?? ''];
    return [...(content?.writes ?? []), ...(content?.schemas ?? [])].some(({ at }) => at > from && at <= to);
  });
  if (!isBetween && recorded(world, 'zdd-deploy-begun') === undefined) return undefined;
  return `the point ${before} was replaced by ${after}`;
}

/** Before the point nothing of the new build is in an original. */
function beforePoint({ world, history }: Start): string | undefined {
  if (history.rollbackPoint !== undefined) return undefined;
  const originals = originalIds(world, history);
  const early = clients(world).find(
    ({ build, connectedTo }) => isNew(build?.version) && connectedTo.some((id) => originals.has(id)),
  );
  return early && `the new build in slot ${early.slot.name} is in an original before the rollback point`;
}

/** From the point to the beginning of deploy the originals refuse every write. */
function guarded({ world, history }: Start, isOver = false): string | undefined {
  if (recorded(world, 'zdd-deploy-begun') || recorded(world, 'zdd-rollback-under-way')) return undefined;
  // After a rollback the live build wrote on, until "switch" has closed the originals again.
  if (recorded(world, 'zdd-candidate') || (history.liveBuildWasBack && !isOver)) return undefined;
  const serving = recorded(world, 'zdd-window-opened-at');
  if (serving === undefined) return undefined;
  const open = databases(world).find(
    ({ databaseId, isReadOnly }) => !isReadOnly && history.originals.some((one) => one.databaseId === databaseId),
  );
  return open && `${open.name} takes writes between the rollback point and the beginning of deploy`;
}

function between({ world, history }: Start, point: number): string | undefined {
  for (const { databaseId, name } of history.originals) {
    const database = databases(world).find((one) => one.databaseId === databaseId);
    const content = world.sql.contents[database?.contentId ?? ''];
    if (content === undefined) continue;
    const early = content.writes.find(({ by, at }) => isNew(by) && at <= point);
    if (early) return `${name} has a write of build ${early.by} from before the rollback point`;
    const changed = content.schemas.find(({ version, at }) => version === '2' && at <= point);
    if (changed) return `the schema of ${name} was updated before the rollback point`;
    const isBack = recorded(world, 'zdd-rollback-under-way') ?? /\|?live/.test(recorded(world, 'zdd-candidate') ?? '');
    // From then on it writes again, and rightly so.
    if (isBack) history.liveBuildWasBack = true;
    if (history.liveBuildWasBack) continue;
    const late = content.writes.find(({ by, at }) => by === '1' && at > point);
    if (late) return `${name} has a write of the live build from after the rollback point`;
  }
  return undefined;
}

function isNew(version: string | undefined): boolean {
  return version === '2' || version === '3';
}
