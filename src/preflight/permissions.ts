import { type Grant, may, permissionsAt } from '../azure/permissions.ts';
import { type App, slotId } from '../azure/sites.ts';
import { mayOpenRules } from '../azure/sql-access.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { assignRole, groupScope, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { PartialLook, SeenSlots } from '../deployment/partial-look.ts';
import { phaseNames } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import {
  CHANGING,
  CREATING_SLOTS,
  leavesSwaps,
  OPENING_FIREWALL,
  ownRole,
  type Permission,
  PREPARING,
  permissionsOf,
  REACHING_PRODUCTION,
} from './permissions-needed.ts';
import { allFine, failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

export interface ScopeLook {
  /** For people, such as `the app`. */
  readonly title: string;
  /** A resource id. */
  readonly id: string;
  readonly needed: readonly Permission[];
  /** Where the role is to be given. */
  readonly grantAt: string;
  readonly role: string;
  readonly grants: Seen<readonly Grant[]>;
}

/** Every call of every phase against what Azure says that we may do, where it will be made. */
export async function checkPermissions({
  context,
  settings,
  observed,
}: Scene<Pick<PartialLook, keyof SeenSlots | 'servers'>>): Promise<readonly Check[]> {
  const { arm, signal, app, known } = context;
  const leaves = leavesSwaps(settings);
  const opens = known.servers?.some(({ facts }) => mayOpenRules(settings, facts)) ?? mayOpenRules(settings, undefined);
  const needless = [...(opens ? [] : OPENING_FIREWALL), ...(leaves ? REACHING_PRODUCTION : [])];
  const own = permissionsOf(settings).filter(
    ({ action, phases }) => !needless.includes(action) && (!leaves || phases.some((name) => PREPARING.includes(name))),
  );
  const looks = await Promise.all(
    scopes(observed, app, own, ownRole(settings)).map(async (scope) => ({
      ...scope,
      grants: await see(signal, () => permissionsAt(arm, scope.id)),
    })),
  );
  return looks.flatMap((look) => [...permissions(settings, look), ...tooMuch(settings, look)]);
}

/** Those at the app itself, of one that moves along: it may lie in another resource group, where the role was never given. */
export async function checkPermissionsOnApp({
  context: { arm, signal, app },
  settings,
  observed,
}: Scene<AppLook>): Promise<readonly Check[]> {
  const leaves = leavesSwaps(settings);
  const own = permissionsOf(settings).filter(
    ({ action, phases }) =>
      !leaves || (!REACHING_PRODUCTION.includes(action) && phases.some((name) => PREPARING.includes(name))),
  );
  const looks = await Promise.all(
    scopesOfApp(observed, app, own, ownRole(settings)).map(async (scope) => ({
      ...scope,
      grants: await see(signal, () => permissionsAt(arm, scope.id)),
    })),
  );
  return looks.flatMap((look) => [...permissions(settings, look), ...tooMuch(settings, look)]);
}

/** Pure: what this identity must not be able to do, so that the approval cannot be passed by. */
function tooMuch(settings: Settings, { title, grants, id }: ScopeLook): readonly Check[] {
  if (title !== 'app' || !leavesSwaps(settings) || grants.value === undefined) return [];
  const name = 'only another identity swaps';
  const granted = BYPASSING.filter((action) => may(grants.value, action));
  if (granted.length === 0) return [passed(name, `This one cannot: ${settings.swapClientId} does.`)];
  return [
    failed(
      name,
      `Input swap-client-id says that only ${settings.swapClientId} may swap, but this identity may do ${listed(granted)}.`,
      `az role assignment list --assignee ${shell(settings.identity.clientId ?? '<client id>')} --scope ${shell(id)} --include-inherited`,
    ),
  ];
}

/** Beside swaps and production's SCM site, what would change production, or give the right to. */
const BYPASSING = [
  ...REACHING_PRODUCTION,
  'Microsoft.Web/sites/slots/applySlotConfig/action',
  'Microsoft.Web/sites/write',
  'Microsoft.Web/sites/config/write',
  'Microsoft.Web/sites/publishxml/action',
  'Microsoft.Authorization/roleAssignments/write',
];

function scopes(
  look: Pick<PartialLook, keyof SeenSlots | 'servers'>,
  app: App,
  permissions: readonly Permission[],
  role: string,
): readonly Omit<ScopeLook, 'grants'>[] {
  const { servers = [] } = look;
  const onServer = (title: string, id: string) => ({
    title,
    id,
    needed: permissions.filter(({ at }) => at === 'server'),
    grantAt: groupScope(id),
    role,
  });
  return [
    ...scopesOfApp(look, app, permissions, role),
    ...(servers.length > 0
      ? servers.map(({ id, name }) => onServer(servers.length === 1 ? 'SQL server' : `SQL server ${name}`, id))
      : [onServer(`SQL servers in resource group ${app.resourceGroup}`, groupScope(slotId(app, 'production')))]),
  ];
}

function scopesOfApp(
  { production, readonlySlot, stagingSlot }: Pick<PartialLook, keyof SeenSlots>,
  app: App,
  permissions: readonly Permission[],
  role: string,
): readonly Omit<ScopeLook, 'grants'>[] {
  const needed = (scope: Permission['at']) => permissions.filter(({ at }) => at === scope);
  const slotsMissing = !readonlySlot || !stagingSlot;
  const appId = slotId(app, 'production');
  const joining = (action: string): readonly Permission[] => [
    { action, at: 'app', phases: slotsMissing ? CREATING_SLOTS : [] },
  ];
  const own = (title: string, id: string, at: Permission['at']) => ({
    title,
    id,
    needed: needed(at),
    grantAt: groupScope(id),
    role,
  });
  const assigned = slotsMissing && production ? production.site.identity.userAssigned : [];
  const subnet = slotsMissing && production ? production.site.virtualNetworkSubnetId : null;
  return [
    own('app', appId, 'app'),
    ...(production ? [own('App Service plan', production.site.serverFarmId, 'plan')] : []),
    // Only a slot that is still to be made has to be given what a swap does not carry.
    ...assigned.map((id) => ({
      title: `identity ${id.split('/').at(-1)}`,
      id,
      needed: joining('Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'),
      grantAt: id,
      role: 'Managed Identity Operator',
    })),
    ...(subnet === null
      ? []
      : [
          {
            title: 'subnet',
            id: subnet,
            needed: joining('Microsoft.Network/virtualNetworks/subnets/join/action'),
            grantAt: subnet,
            role: 'Network Contributor',
          },
        ]),
  ];
}

/** Pure: one line a scope. */
function permissions(settings: Settings, look: ScopeLook): readonly Check[] {
  const name = `permissions on the ${look.title}`;
  if (look.grants.why !== undefined) return [notLookedAt(name, look.grants.why)];
  const grants = look.grants.value;
  const missing = look.needed.filter(({ action }) => !may(grants, action));
  const said = missing.map(({ action, phases }) => `${action} (${namesOf(phases)})`).join(', ');
  const without = missing.map(({ optional }) => optional);
  const isOptional = without.every((each) => each !== undefined);
  return allFine(
    name,
    `All ${look.needed.length} that the phases use are granted.`,
    missing.length === 0
      ? []
      : [
          isOptional
            ? warning(
                name,
                `Not granted: ${said}. The phases get along without: ${listed([...new Set(without)])}.`,
                assignRole(settings, look.grantAt, look.role),
              )
            : failed(name, `Not granted: ${said}.`, assignRole(settings, look.grantAt, look.role)),
        ],
  );
}

function namesOf(phases: Permission['phases']): string {
  if (phases === phaseNames) return 'every phase';
  return phases === CHANGING ? 'every phase that changes something' : phases.join(', ');
}
