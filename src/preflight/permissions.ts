import type { Scene } from '../apply/scene.ts';
import { type Grant, may, permissionsAt } from '../azure/permissions.ts';
import type { Observed } from '../deployment/observed.ts';
import type { Settings } from '../settings.ts';
import type { Check } from '../summary/checks.ts';
import { groupOf, shell } from './commands.ts';
import { PERMISSIONS, type Permission } from './permissions-needed.ts';
import { type Seen, see } from './seen.ts';
import { allFine, failed, notLookedAt, warning } from './verdicts.ts';

export interface ScopeLook {
  /** For people, such as `the app`. */
  readonly title: string;
  /** A resource id. */
  readonly id: string;
  readonly needed: readonly Permission[];
  readonly grants: Seen<readonly Grant[]>;
}

/** Every call of every phase against what Azure says that we may do, where it will be made. */
export async function checkPermissions({ context, settings, observed }: Scene): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const looks = await Promise.all(
    scopes(observed, context.app.subscriptionId).map(async (scope) => ({
      ...scope,
      grants: await see(signal, () => permissionsAt(arm, scope.id)),
    })),
  );
  return looks.flatMap((look) => permissions(settings, observed, look));
}

function scopes(observed: Observed, subscriptionId: string): readonly Omit<ScopeLook, 'grants'>[] {
  const { site } = observed.production;
  const needed = (scope: Permission['at']) => PERMISSIONS.filter(({ at }) => at === scope);
  const joining = (action: string): readonly Permission[] => [
    { action, at: 'app', phases: observed.readonlySlot && observed.stagingSlot ? [] : ['read-only', 'deploy'] },
  ];
  const slotsMissing = !observed.readonlySlot || !observed.stagingSlot;
  return [
    { title: 'app', id: observed.app.id, needed: needed('app') },
    { title: 'App Service plan', id: site.serverFarmId, needed: needed('plan') },
    { title: 'SQL server', id: observed.server.id, needed: needed('server') },
    { title: 'subscription', id: `/subscriptions/${subscriptionId}`, needed: needed('subscription') },
    // Only a slot that is still to be made has to be given what a swap does not carry.
    ...(slotsMissing ? site.identity.userAssigned : []).map((id) => ({
      title: `identity ${id.split('/').at(-1)}`,
      id,
      needed: joining('Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'),
    })),
    ...(slotsMissing && site.virtualNetworkSubnetId !== null
      ? [
          {
            title: 'subnet',
            id: site.virtualNetworkSubnetId,
            needed: joining('Microsoft.Network/virtualNetworks/subnets/join/action'),
          },
        ]
      : []),
  ];
}

/** Pure: one line a scope. */
export function permissions(settings: Settings, observed: Observed, look: ScopeLook): readonly Check[] {
  const name = `permissions on the ${look.title}`;
  if (look.grants.why !== undefined) return [notLookedAt(name, look.grants.why)];
  const grants = look.grants.value;
  const missing = look.needed.filter(({ action }) => !may(grants, action));
  const said = missing.map(({ action, phases }) => `${action} (${phases.join(', ')})`).join(', ');
  const optional = missing.every((each) => each.optional);
  return allFine(
    name,
    `All ${look.needed.length} that the phases use are granted.`,
    missing.length === 0
      ? []
      : [
          optional
            ? warning(
                name,
                `Not granted: ${said}. The phases get along without, by looking at the databases instead.`,
                assign(settings, look.id, 'Zero-downtime operations reader'),
              )
            : failed(
                name,
                `Not granted: ${said}.`,
                assign(settings, scopeOf(observed, look.id), 'Zero-downtime deployer'),
              ),
        ],
  );
}

/** The role is in README.md; at the resource group it covers what the app and its slots, or the server and its databases, need. */
function assign({ identity }: Settings, scope: string, role: string): string {
  return `az role assignment create --assignee ${shell(identity.clientId ?? '<client id>')} --role ${shell(role)} --scope ${shell(scope)}`;
}

function scopeOf(observed: Observed, id: string): string {
  const group = groupOf(id);
  const own = [observed.app.id, observed.server.id, observed.production.site.serverFarmId];
  return own.includes(id) && group !== '' ? id.replace(/\/providers\/.*$/i, '') : id;
}
