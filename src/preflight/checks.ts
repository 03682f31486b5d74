import { getServerSignIn } from '../azure/server-sign-in.ts';
import type { Scene } from '../context/scene.ts';
import { sceneOf } from '../context/scene-of.ts';
import { see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import type { Companion, Observed } from '../deployment/observed.ts';
import { isPartial, type Look } from '../deployment/partial-look.ts';
import { serverOf } from '../deployment/servers.ts';
import type { ChangingPhase } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { checkApproval } from './approval.ts';
import { checkAuthentication } from './authentication.ts';
import { checkBlobModule } from './blob-module.ts';
import { checkBuild } from './build.ts';
import { checkCloneSize } from './clone-size.ts';
import { checkCommands, checkSetup } from './commands.ts';
import { checkCompanionWebJobs } from './companion-webjobs.ts';
import { checkConfiguration } from './configuration.ts';
import { checkConnections } from './connections.ts';
import { checkFeatures, checkOriginals, checkReplication } from './databases.ts';
import { checkDeployments } from './deployments.ts';
import { checkFilesBeside } from './files-beside.ts';
import { checkFirewallRules } from './firewall-rules.ts';
import { checkForeignSlots } from './foreign-slots.ts';
import { type Group, runGroup } from './group.ts';
import { identityChecks } from './identities.ts';
import { checkIdentityUse } from './identity-use.ts';
import { lookInside } from './inside.ts';
import { checkKeyVault } from './key-vault.ts';
import { checkLocks } from './locks.ts';
import { checkMounts } from './mounts.ts';
import { checkNames, checkTags } from './names.ts';
import { checkKind, checkNewBuild } from './new-build.ts';
import { checkNamedApps, checkOtherApps } from './other-apps.ts';
import { checkOtherDatabases } from './other-databases.ts';
import { checkOwnFiles } from './own-files.ts';
import { checkPackages } from './package.ts';
import { checkPermissions, checkPermissionsOnApp } from './permissions.ts';
import { checkPlanRoom } from './plan-room.ts';
import { checkPrivateEndpoints } from './private-endpoints.ts';
import { checkProbesToday } from './probes-today.ts';
import { checkProfile } from './profile.ts';
import { checkRecovery } from './recovery.ts';
import { checkRegistryAccess } from './registry-access.ts';
import { checkRestoreRoom } from './restore-room.ts';
import { checkRestrictions } from './restrictions.ts';
import { schemaVersionChecks } from './schema-version.ts';
import { checkSecrets } from './secrets.ts';
import { ownersOf } from './session-owners.ts';
import { sessionChecks } from './sessions.ts';
import { signInChecks } from './sign-in.ts';
import { checkSlots, ownership } from './slots.ts';
import { sqlAccessChecks } from './sql.ts';
import { checkSticky } from './sticky.ts';
import { unseenParts } from './unseen-parts.ts';
import { checkWarmUp } from './warm-up.ts';
import { checkWebJobs } from './webjobs.ts';

/** In the order of the table. */
const GROUPS: readonly Group[] = [
  { title: 'other deployments', needs: 'databases', judge: (_settings, observed) => checkDeployments(observed) },
  { title: 'firewall rules', needs: 'databases', judge: (_settings, observed) => checkFirewallRules(observed) },
  { title: 'App Service plan', ofEach: 'app', needs: 'app', check: checkPlanRoom },
  { title: 'slots are ours', ofEach: 'app', needs: 'everything', judge: ownership },
  { title: 'slots', ofEach: 'app', needs: 'app', judge: (_settings, observed) => checkSlots(observed) },
  { title: 'other slots', ofEach: 'app', needs: 'everything', again: ['clone'], check: checkForeignSlots },
  { title: 'site authentication', ofEach: 'app', needs: 'app', check: checkAuthentication },
  {
    title: 'settings that travel',
    ofEach: 'app',
    needs: 'everything',
    again: ['clone', 'read-only'],
    judge: checkSticky,
  },
  {
    title: 'connection strings',
    ofEach: 'app',
    needs: 'everything',
    again: ['clone'],
    judge: checkConnections,
  },
  {
    title: 'databases outside the deployment',
    ofEach: 'app',
    needs: 'everything',
    again: ['clone'],
    judge: checkOtherDatabases,
  },
  {
    title: 'named apps',
    needs: 'databases',
    again: ['clone', 'switch'],
    judge: (_settings, observed) => checkNamedApps(observed),
  },
  { title: 'other apps', needs: 'everything', check: checkOtherApps },
  { title: 'configuration of the slots', ofEach: 'app', needs: 'app', check: checkConfiguration },
  {
    title: 'Key Vault references',
    ofEach: 'app',
    needs: 'everything',
    judge: checkKeyVault,
  },
  { title: 'secrets behind references', needs: 'everything', again: ['clone'], judge: checkSecrets },
  { title: 'mounted storage', ofEach: 'app', needs: 'app', check: checkMounts },
  { title: 'access restrictions', ofEach: 'app', needs: 'app', check: checkRestrictions },
  { title: 'private endpoints', ofEach: 'app', needs: 'app', again: ['clone'], check: checkPrivateEndpoints },
  { title: 'warm-up', ofEach: 'app', needs: 'app', check: checkWarmUp },
  { title: 'read-only probes', needs: 'app', check: checkProbesToday },
  { title: 'WebJobs', needs: 'app', check: checkWebJobs },
  {
    title: 'WebJobs of an app that moves along',
    ofEach: 'companion',
    needs: 'app',
    again: ['clone'],
    check: checkCompanionWebJobs,
  },
  { title: 'build of production', ofEach: 'app', needs: 'app', check: checkBuild },
  { title: 'kind of build', ofEach: 'build', needs: 'app', again: ['clone', 'read-only', 'deploy'], judge: checkKind },
  { title: 'who pulls the image', ofEach: 'app', needs: 'app', judge: checkRegistryAccess },
  { title: 'new build', ofEach: 'build', needs: 'everything', check: checkNewBuild },
  { title: 'files on the app’s own disk', needs: 'app', again: ['clone', 'switch'], check: checkOwnFiles },
  { title: 'files beside wwwroot', ofEach: 'app', needs: 'app', again: ['clone'], check: checkFilesBeside },
  { title: 'setup-command', needs: 'nothing', again: ['switch'], check: checkSetup },
  { title: 'commands', needs: 'everything', again: ['clone', 'switch', 'deploy'], judge: checkCommands },
  { title: 'package', ofEach: 'build', needs: 'app', again: ['clone', 'deploy'], check: checkPackages },
  {
    title: 'databases',
    needs: 'databases',
    again: ['clone'],
    judge: (_settings, observed) => checkOriginals(observed),
  },
  {
    title: 'names of the clones',
    needs: 'databases',
    again: ['clone'],
    judge: (_settings, observed) => checkNames(observed),
  },
  { title: 'tags', needs: 'databases', again: ['clone'], judge: checkTags },
  { title: 'size of the clones', needs: 'databases', again: ['clone'], check: checkCloneSize },
  {
    title: 'replication',
    needs: 'databases',
    again: ['clone', 'switch', 'deploy', 'rollback'],
    check: checkReplication,
  },
  { title: 'locks', needs: 'everything', again: ['clone'], check: checkLocks },
  { title: 'database features', needs: 'databases', check: checkFeatures },
  { title: 'point-in-time restore', needs: 'databases', again: ['clone', 'switch', 'rollback'], check: checkRecovery },
  { title: 'room for a restore', needs: 'databases', again: ['rollback'], check: checkRestoreRoom },
  { title: 'SQL', needs: 'everything', again: ['clone', 'switch'], check: insideDatabases },
  { title: 'permissions', needs: 'nothing', check: checkPermissions },
  { title: 'permissions on an app that moves along', ofEach: 'companion', needs: 'app', check: checkPermissionsOnApp },
  { title: 'profile', needs: 'app', check: checkProfile },
  { title: 'blob module', needs: 'app', check: checkBlobModule },
  { title: 'approval', needs: 'nothing', check: checkApproval },
  { title: 'who may use the identity', needs: 'nothing', check: checkIdentityUse },
];

/**
 * All checks side by side, as one table. Only reads; what cannot be looked at says why and keeps nobody else from looking. Each part
 * that the look missed is a line that failed, and what needs it is not looked at.
 */
export async function checkEverything(scene: Scene<Look>): Promise<{ report: readonly Check[] }> {
  const [tables, others] = await Promise.all([
    Promise.all(ofFirst(GROUPS).map((group) => runGroup(scene, group))),
    isPartial(scene.observed) ? [] : ofCompanions({ ...scene, observed: scene.observed }, GROUPS),
  ]);
  return { report: [...unseenParts(scene.settings, scene.observed), ...tables.flat(), ...others] };
}

/** The checks that a phase repeats: much may have changed since "preflight", which looked at less when the firewall kept it out. */
export async function checkAgain(scene: Scene, phase: ChangingPhase): Promise<{ report: readonly Check[] }> {
  const [tables, others] = await Promise.all([
    Promise.all(ofFirst(repeatedBy(phase)).map((group) => runGroup(scene, group))),
    ofCompanions(scene, repeatedBy(phase)),
  ]);
  return { report: [...tables.flat(), ...others] };
}

/** The lines of the other apps that move along, each with its app. */
async function ofCompanions(scene: Scene, groups: readonly Group[]): Promise<readonly Check[]> {
  const tables = await Promise.all(
    scene.observed.companions.flatMap((companion) =>
      groups
        .filter((group) => isAskedOf(group, companion))
        .map(async (group) => inNameOf(companion, await runGroup(sceneOf(scene, companion.key), group))),
    ),
  );
  return tables.flat();
}

function isAskedOf({ ofEach }: Group, { does }: Companion): boolean {
  return ofEach === 'app' || ofEach === 'companion' || (ofEach === 'build' && does === 'build');
}

function ofFirst(groups: readonly Group[]): readonly Group[] {
  return groups.filter(({ ofEach }) => ofEach !== 'companion');
}

function inNameOf({ key }: Companion, checks: readonly Check[]): readonly Check[] {
  return checks.map((check) => ({ ...check, name: `${key}: ${check.name}`, found: `${key}: ${check.found}` }));
}

/** Those of them that need nothing but the look. Pure: a plan refuses on them at once. */
export function judgeAgain(phase: ChangingPhase, settings: Settings, observed: Observed): readonly Check[] {
  const judge = (groups: readonly Group[], own: Settings, look: Observed) =>
    groups.flatMap((group) => ('judge' in group ? group.judge(own, look) : []));
  return [
    ...judge(ofFirst(repeatedBy(phase)), settings, observed),
    ...observed.companions.flatMap((companion) => {
      const groups = repeatedBy(phase).filter((group) => isAskedOf(group, companion));
      const checks = judge(groups, companionSettings(settings, companion.key), focusOn(observed, companion));
      return inNameOf(companion, checks);
    }),
  ];
}

/** Whether there are others. */
export function asksAgain(phase: ChangingPhase): boolean {
  return repeatedBy(phase).some((group) => !('judge' in group));
}

function repeatedBy(phase: ChangingPhase): readonly Group[] {
  return GROUPS.filter(({ again }) => again?.includes(phase));
}

async function insideDatabases(scene: Scene): Promise<readonly Check[]> {
  const { settings, observed, context } = scene;
  const { arm, signal } = context;
  const [looks, signIns] = await Promise.all([
    lookInside(scene),
    Promise.all(
      observed.servers.map(async (server) => ({
        server,
        seen: await see(signal, () => getServerSignIn(arm, server.id)),
      })),
    ),
  ]);
  const owners = await ownersOf(
    scene,
    looks.flatMap(({ inside }) => inside.value?.sessions ?? []),
  );
  return [
    ...signIns.flatMap(({ server, seen }) => {
      const inside = looks.filter(({ database }) => serverOf(observed, database) === server);
      return signInChecks(settings, server, seen, inside);
    }),
    ...sqlAccessChecks(settings, observed, looks),
    ...sessionChecks(settings, observed, looks, owners),
    ...identityChecks(settings, observed, looks),
    ...schemaVersionChecks(
      settings,
      looks.map(({ database, inside }) => ({ database, answer: inside.value?.schema ?? {} })),
    ),
  ];
}
