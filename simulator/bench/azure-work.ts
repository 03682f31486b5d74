import { allSlots } from '../model/web/lookup.ts';
import type { World } from '../model/world.ts';

/** What Azure is busy with: the parts of which critical paths are made. */
export type WorkKind =
  | 'copy'
  | 'restore'
  | 'rename'
  | 'drop'
  | 'tag write'
  | 'firewall rule'
  | 'slot creation'
  | 'settings write'
  | 'upload'
  | 'app start'
  | 'swap until the route changes'
  | 'rest of a swap'
  | 'both builds answer'
  | 'quick write';

/** One operation of Azure, in milliseconds of virtual time, as the model carried it out. */
export interface Work {
  readonly kind: WorkKind;
  readonly on: string;
  readonly from: number;
  readonly to: number;
}

/** Takes down what Azure does by itself, from the world's own data; called whenever virtual time moves on. */
interface Observer {
  look(now: number): void;
  /** Everything that began at `from` or later, in order. */
  since(from: number): readonly Work[];
}

export function observerOf(world: World): Observer {
  const seen = new Map<string, Work>();
  let before = 0;
  return {
    look(now) {
      for (const [id, work] of worksIn(world, before)) if (!seen.has(id)) seen.set(id, work);
      before = now;
    },
    since(from) {
      for (const [id, work] of [...worksIn(world, before), ...swapsIn(world)]) seen.set(id, work);
      return [...seen.values()].filter((work) => work.from >= from).sort((one, other) => one.from - other.from);
    },
  };
}

const OPERATIONS = {
  CreateDatabaseAsCopy: 'copy',
  CreateRestoreRequest: 'restore',
  CreateLogicalDatabase: 'copy',
  UpdateLogicalDatabase: 'tag write',
  DropLogicalDatabase: 'drop',
} as const;

function* worksIn(world: World, before: number): Generator<[string, Work]> {
  for (const { id, kind, databaseName, startedAt, endsAt } of Object.values(world.sql.operations)) {
    yield [id, { kind: OPERATIONS[kind], on: databaseName, from: startedAt, to: endsAt }];
  }
  for (const { firewallRules } of Object.values(world.sql.servers)) {
    for (const { name, effectiveAt } of Object.values(firewallRules)) {
      // The rule says when it takes effect; it was written in the last instant that was not seen yet.
      yield [name, { kind: 'firewall rule', on: 'the server', from: Math.min(before, effectiveAt), to: effectiveAt }];
    }
  }
  for (const { name, occupant, mixed, slotSwapStatus } of allSlots(world)) {
    if (mixed !== undefined && slotSwapStatus !== undefined) {
      const { timestampUtc: from } = slotSwapStatus;
      yield [`${name} ${from} mixed`, { kind: 'both builds answer', on: name, from, to: mixed.until }];
    }
    for (const { id, receivedAt, endsAt } of occupant.deployments) {
      yield [id, { kind: 'upload', on: name, from: receivedAt, to: endsAt }];
    }
    const { instance } = occupant;
    const starts = world.web.pending.find((event) => event.kind === 'app-starts' && event.instanceId === instance?.id);
    if (instance && starts)
      yield [instance.id, { kind: 'app start', on: name, from: instance.startedAt, to: starts.at }];
  }
}

/** A swap's route change is the instant that Azure itself tells; its end is known once it has ended. */
function* swapsIn(world: World): Generator<[string, Work]> {
  for (const { id, site, source, startedAt, stage, notBefore } of Object.values(world.web.swaps)) {
    const changed = routeChangeOf(world, site);
    if (stage !== 'succeeded' || changed === undefined || changed < startedAt || changed > notBefore) continue;
    yield [id, { kind: 'swap until the route changes', on: source, from: startedAt, to: changed }];
    yield [`${id} rest`, { kind: 'rest of a swap', on: source, from: changed, to: notBefore }];
  }
}

/** When production's route last changed, in Azure's clock. */
export function routeChangeOf(world: World, site: string): number | undefined {
  return world.web.sites[site.toLowerCase()]?.slots.production?.slotSwapStatus?.timestampUtc;
}
