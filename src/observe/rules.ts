import { azureSaid } from '../azure/failure.ts';
import { type FirewallRule, listFirewallRules } from '../azure/firewall.ts';
import { mayOpenRules } from '../azure/sql-access.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { keyOf } from '../settings/database-key.ts';
import { appName } from './deployment.ts';
import { type Joined, mintedByThisRun } from './join.ts';
import type { Servers } from './servers.ts';

/** Firewall rules of this deployment that a run left open; those that this very run still needs it closes itself. */
export async function strayRules(
  context: Context,
  servers: Servers,
  { deploymentId }: Joined,
): Promise<readonly string[]> {
  // A cleanup that died after its last database left no record that names the deployment: its id came from the run.
  const minted = mintedByThisRun(context.settings, appName(context));
  const isOurs = (name: string) =>
    name.startsWith(`zdd-${deploymentId}-`) || minted.some((id) => new RegExp(`^zdd-\\d{8}-${id}-`).test(name));
  const found = await Promise.all(
    servers.map(async (server) => {
      const rules = await rulesOf(context, server);
      const left = rules.filter(({ name }) => isOurs(name) && !context.known.openedRules.has(name));
      return left.map(({ name }) => keyOf(servers[0].name, server.name, name));
    }),
  );
  return found.flat();
}

async function rulesOf(context: Context, { id }: Server): Promise<readonly FirewallRule[]> {
  const facts = context.known.servers?.find((known) => known.server.id === id)?.facts;
  return listFirewallRules(context.arm, id).catch((error: unknown) => {
    // Nobody needs the right to look for what nobody opens.
    if (azureSaid(error)?.status === 403 && !mayOpenRules(context.settings, facts)) return [];
    throw error;
  });
}
