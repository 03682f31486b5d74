import { clients, databases, isBack, originalIds, production, recorded } from '../facts.ts';
import type { Invariant, Start } from '../invariant.ts';

/** Compares what the originals of `clone` ever took with the point that is recorded on the clone or its mirror. */
export const pointLiesBetween: Invariant = {
  name: 'point-lies-between',
  holds:
    'The rollback point lies after every write of the live build, its jobs and other programs, and before every one of the new build.',
  watch(start) {
    const { world, history } = start;
    return {
      step({ now }) {
        // Behind it stands what was written to the originals since the copy was made.
        const point = recorded(world, 'zdd-rollback-point')?.split('|')[0];
        const begun = recorded(world, 'zdd-deploy-begun');
        if (begun !== undefined) {
          history.deployBegunAt ??= now;
          if (isBack(world)) history.liveBuildBackAt ??= now;
        }
        if (point === undefined) {
          return begun === undefined ? beforePoint(start) : 'the rollback point is gone although deploy has begun';
        }
        history.rollbackPoint = point;
        return guarded(start) ?? between(start, Date.parse(point));
      },
      end: (isGreen) => (isGreen && start.phase === 'switch' ? pointMissing(start) : undefined),
    };
  },
};

/** Before the point nothing of the new build is in an original. */
function beforePoint({ world, history }: Start): string | undefined {
  if (history.deployBegunAt !== undefined) return undefined;
  const originals = originalIds(world, history);
  const early = clients(world).find(
    ({ build, connectedTo }) => isNew(build?.version) && connectedTo.some((id) => originals.has(id)),
  );
  return early && `the new build in slot ${early.slot.name} is in an original before the rollback point`;
}

/** From the point to the beginning of deploy the originals refuse every write, as long as nobody else brought visitors away. */
function guarded({ world, history }: Start): string | undefined {
  // A replicated database is left open: nobody ever restores it to the point.
  if (recorded(world, 'zdd-no-database-rollback')) return undefined;
  if (recorded(world, 'zdd-deploy-begun') || recorded(world, 'zdd-other-writers')) return undefined;
  // A point that Azure recorded late, when the live build was back, is void: what it writes is looked at by itself.
  if (isBack(world)) return undefined;
  if (!/\/read-only\//.test(production(world).occupant.settings.ZDD_INSTANCE ?? '')) return undefined;
  const open = databases(world).find(
    ({ databaseId, isReadOnly }) => !isReadOnly && history.originals.some((one) => one.databaseId === databaseId),
  );
  return open && `${open.name} takes writes between the rollback point and the beginning of deploy`;
}

function pointMissing(start: Start): string | undefined {
  if (recorded(start.world, 'zdd-rollback-point') === undefined) return 'switch is green without a rollback point';
  return guarded(start);
}

/** After the point the live build wrote nothing until a rollback brought it back, and nobody until deploy began. */
function between({ world, history }: Start, point: number): string | undefined {
  const { liveBuildBackAt: backAt = Number.POSITIVE_INFINITY, deployBegunAt: begunAt = Number.POSITIVE_INFINITY } =
    history;
  for (const { databaseId, name } of history.originals) {
    const database = databases(world).find((one) => one.databaseId === databaseId);
    const content = world.sql.contents[database?.contentId ?? ''];
    if (content === undefined) continue;
    const early = content.writes.find(({ by, at }) => isNew(by) && at <= point);
    if (early) return `${name} has a write of build ${early.by} from before the rollback point`;
    const changed = content.schemas.find(({ version, at }) => version === '2' && at <= point);
    if (changed) return `the schema of ${name} was updated before the rollback point`;
    const late = content.writes.find(({ by, at }) => !isNew(by) && at > point && at < (by === '1' ? backAt : begunAt));
    if (late) return `${name} has a write of ${late.by} (${late.id}) from after the rollback point`;
  }
  return undefined;
}

function isNew(version: string | undefined): boolean {
  return version === '2' || version === '3';
}
