import { azureSaid } from '../azure/failure.ts';
import { listFirewallRules } from '../azure/firewall.ts';
import { mayOpenRules } from '../azure/sql-access.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { appName } from './deployment.ts';
import { type Joined, mintedByThisRun } from './join.ts';

/** Firewall rules of this deployment that a run left open; those that this very run still needs it closes itself. */
export async function strayRules(
  context: Context,
  server: Server,
  { deploymentId }: Joined,
): Promise<readonly string[]> {
  const rules = await listFirewallRules(context.arm, server.id).catch((error: unknown) => {
    // Nobody needs the right to look for what nobody opens.
    if (azureSaid(error)?.status === 403 && !mayOpenRules(context.settings, context.known.facts)) return [];
    throw error;
  });
  // A cleanup that died after its last database left no record that names the deployment: its id came from the run.
  const minted = mintedByThisRun(context.settings, appName(context));
  const isOurs = (name: string) =>
    name.startsWith(`zdd-${deploymentId}-`) || minted.some((id) => new RegExp(`^zdd-\\d{8}-${id}-`).test(name));
  return rules.map(({ name }) => name).filter((name) => isOurs(name) && !context.known.openedRules.has(name));
}
