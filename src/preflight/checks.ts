import type { Change, Scene } from '../apply/scene.ts';
import type { Check } from '../summary/checks.ts';
import { checkApproval } from './approval.ts';
import { checkAuthentication } from './authentication.ts';
import { checkBuild } from './build.ts';
import { checkCloneSize } from './clone-size.ts';
import { checkConfiguration } from './configuration.ts';
import { checkConnections } from './connections.ts';
import { checkFeatures, checkOriginals, checkReplication } from './databases.ts';
import { checkDeployments } from './deployments.ts';
import { identityChecks } from './identities.ts';
import { lookInside } from './inside.ts';
import { checkKeyVault } from './key-vault.ts';
import { checkMounts } from './mounts.ts';
import { checkNames, checkTags } from './names.ts';
import { checkPermissions } from './permissions.ts';
import { checkPlanRoom } from './plan-room.ts';
import { checkProfile } from './profile.ts';
import { checkRecovery } from './recovery.ts';
import { reason } from './seen.ts';
import { checkSlots } from './slots.ts';
import { sessionChecks, sqlAccessChecks } from './sql.ts';
import { checkSticky } from './sticky.ts';
import { notLookedAt } from './verdicts.ts';
import { checkWarmUp } from './warm-up.ts';
import { checkWebJobs } from './webjobs.ts';

type Group = readonly [title: string, check: (scene: Scene) => readonly Check[] | Promise<readonly Check[]>];

/** In the order of the table. */
const GROUPS: readonly Group[] = [
  ['other deployments', ({ observed }) => checkDeployments(observed)],
  ['App Service plan', checkPlanRoom],
  ['slots', ({ settings, observed }) => checkSlots(settings, observed)],
  ['site authentication', checkAuthentication],
  ['settings that travel', ({ settings, observed }) => checkSticky(settings, observed)],
  ['connection strings', ({ settings, observed }) => checkConnections(settings, observed)],
  ['configuration of the slots', checkConfiguration],
  ['Key Vault references', ({ settings, observed }) => checkKeyVault(settings, observed)],
  ['mounted storage', checkMounts],
  ['warm-up', checkWarmUp],
  ['WebJobs', checkWebJobs],
  ['build of production', checkBuild],
  ['databases', ({ observed }) => checkOriginals(observed)],
  ['names of the clones', ({ observed }) => checkNames(observed)],
  ['tags', ({ observed }) => checkTags(observed)],
  ['size of the clones', checkCloneSize],
  ['replication', checkReplication],
  ['database features', checkFeatures],
  ['point-in-time restore', checkRecovery],
  ['SQL', insideDatabases],
  ['permissions', checkPermissions],
  ['profile', checkProfile],
  ['approval', checkApproval],
];

/** All checks side by side, as one table. Only reads; what cannot be looked at says why and keeps nobody else from looking. */
export async function checkEverything(scene: Scene): Promise<Change> {
  const tables = await Promise.all(GROUPS.map((group) => carryOut(scene, group)));
  return { report: tables.flat() };
}

async function carryOut(scene: Scene, [title, check]: Group): Promise<readonly Check[]> {
  try {
    return await check(scene);
  } catch (error) {
    scene.context.signal.throwIfAborted();
    return [notLookedAt(title, reason(error))];
  }
}

async function insideDatabases(scene: Scene): Promise<readonly Check[]> {
  const { settings, observed } = scene;
  const looks = await lookInside(scene);
  return [
    ...sqlAccessChecks(settings, observed, looks),
    ...sessionChecks(settings, observed, looks),
    ...identityChecks(settings, observed, looks),
  ];
}
