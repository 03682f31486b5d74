import { azureSaid } from '../azure/failure.ts';
import { type FirewallRule, listFirewallRules } from '../azure/firewall.ts';
import { deploymentOfRule, mayOpenRules } from '../azure/sql-access.ts';
import type { Context } from '../context/context.ts';
import { see } from '../context/seen.ts';
import type { Marker } from '../deployment/marker.ts';
import type { DatabasePart, Server } from '../deployment/observed.ts';
import { keyOf } from '../settings/database-key.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { OpenDeployments } from './deployment.ts';
import { appName } from './deployment.ts';
import { type Joined, mintedByThisRun } from './join.ts';
import type { Servers } from './servers.ts';

type Rules = Pick<DatabasePart, 'strayRules' | 'leftoverRules'>;

/**
 * Firewall rules that runs left open; those that this very run still needs it closes itself.
 * @param serves production's marker
 */
export async function lookForRules(
  context: Context,
  phase: PhaseTraits,
  servers: Servers,
  { deploymentId }: Pick<Joined, 'deploymentId'>,
  open: OpenDeployments,
  serves: Marker | undefined,
): Promise<Rules> {
  if (!phase.looksForRules) return { strayRules: [], leftoverRules: [] };
  // A cleanup that died after its last database left no record that names the deployment: its id came from the run.
  const minted = mintedByThisRun(context.settings, appName(context));
  const isOwn = (name: string) =>
    phase.looksForRules === 'own' &&
    (name.startsWith(`zdd-${deploymentId}-`) || minted.some((id) => new RegExp(`^zdd-\\d{8}-${id}-`).test(name)));
  const ended = endedBefore(open, serves);
  const found = await Promise.all(
    servers.map(async (server) => {
      const rules = (await rulesOf(context, phase, server)).filter(({ name }) => !context.known.openedRules.has(name));
      const mayClose = phase.looksForRules === 'own' || (phase.changes && mayOpen(context, server));
      return rules.map((rule) => {
        const of = deploymentOfRule(rule.name);
        const isStray = isOwn(rule.name) || (mayClose && of !== undefined && of === ended);
        const isLeftover = of !== undefined && !open.ids.has(of);
        return { ...rule, key: keyOf(servers[0].name, server.name, rule.name), isStray, isLeftover };
      });
    }),
  );
  const all = found.flat();
  return {
    strayRules: all.filter(({ isStray }) => isStray).map(({ key }) => key),
    leftoverRules: all
      .filter(({ isLeftover }) => isLeftover)
      .map(({ key, startIpAddress: address }) => ({ name: key, address })),
  };
}

/** Production is what it left, it has no record any more and no copy: nothing but its `cleanup` takes these away. */
function endedBefore({ ids, copied }: OpenDeployments, serves: Marker | undefined): string | undefined {
  if (serves === undefined || serves.role === 'read-only') return undefined;
  const { deploymentId: of } = serves;
  return ids.has(of) || copied.has(of) ? undefined : of;
}

async function rulesOf(context: Context, phase: PhaseTraits, server: Server): Promise<readonly FirewallRule[]> {
  const list = () => listFirewallRules(context.arm, server.id);
  // For others it is no reason to stop: they only tell of it, or close it by the way.
  if (phase.looksForRules !== 'own') return (await see(context.signal, list)).value ?? [];
  return list().catch((error: unknown) => {
    // Nobody needs the right to look for what nobody opens.
    if (azureSaid(error)?.status === 403 && !mayOpen(context, server)) return [];
    throw error;
  });
}

function mayOpen({ settings, known }: Context, { id }: Server): boolean {
  return mayOpenRules(settings, known.servers?.find(({ server }) => server.id === id)?.facts);
}
