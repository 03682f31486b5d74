import type { Scene } from '../context/scene.ts';
import { reason } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import type { AppLook, DatabasePart, Observed, RunPart } from '../deployment/observed.ts';
import { isPartial, type Look, wholeOf } from '../deployment/partial-look.ts';
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
import { checkSlots, ownership } from './slots.ts';
import { sessionChecks, sqlAccessChecks } from './sql.ts';
import { checkSticky } from './sticky.ts';
import { unseenParts } from './unseen-parts.ts';
import { listed, notLookedAt } from './verdicts.ts';
import { checkWarmUp } from './warm-up.ts';
import { checkWebJobs } from './webjobs.ts';

type Checking<Look> = (scene: Scene<Look>) => readonly Check[] | Promise<readonly Check[]>;

/** With what it needs of a look: its checks are left out, and said to be, when that is missing. */
type Group =
  | { readonly title: string; readonly needs: 'app'; readonly check: Checking<AppLook & RunPart> }
  | { readonly title: string; readonly needs: 'databases'; readonly check: Checking<DatabasePart & RunPart> }
  | { readonly title: string; readonly needs: 'everything'; readonly check: Checking<Observed> }
  | { readonly title: string; readonly needs: 'nothing'; readonly check: Checking<Look> };

/** In the order of the table. */
const GROUPS: readonly Group[] = [
  { title: 'other deployments', needs: 'databases', check: ({ observed }) => checkDeployments(observed) },
  { title: 'App Service plan', needs: 'app', check: checkPlanRoom },
  { title: 'slots are ours', needs: 'everything', check: ({ settings, observed }) => ownership(settings, observed) },
  { title: 'slots', needs: 'app', check: ({ observed }) => checkSlots(observed) },
  { title: 'site authentication', needs: 'app', check: checkAuthentication },
  {
    title: 'settings that travel',
    needs: 'everything',
    check: ({ settings, observed }) => checkSticky(settings, observed),
  },
  {
    title: 'connection strings',
    needs: 'everything',
    check: ({ settings, observed }) => checkConnections(settings, observed),
  },
  { title: 'configuration of the slots', needs: 'app', check: checkConfiguration },
  {
    title: 'Key Vault references',
    needs: 'everything',
    check: ({ settings, observed }) => checkKeyVault(settings, observed),
  },
  { title: 'mounted storage', needs: 'app', check: checkMounts },
  { title: 'warm-up', needs: 'app', check: checkWarmUp },
  { title: 'WebJobs', needs: 'app', check: checkWebJobs },
  { title: 'build of production', needs: 'app', check: checkBuild },
  { title: 'databases', needs: 'databases', check: ({ observed }) => checkOriginals(observed) },
  { title: 'names of the clones', needs: 'databases', check: ({ observed }) => checkNames(observed) },
  { title: 'tags', needs: 'databases', check: ({ observed }) => checkTags(observed) },
  { title: 'size of the clones', needs: 'databases', check: checkCloneSize },
  { title: 'replication', needs: 'databases', check: checkReplication },
  { title: 'database features', needs: 'databases', check: checkFeatures },
  { title: 'point-in-time restore', needs: 'databases', check: checkRecovery },
  { title: 'SQL', needs: 'everything', check: insideDatabases },
  { title: 'permissions', needs: 'nothing', check: checkPermissions },
  { title: 'profile', needs: 'app', check: checkProfile },
  { title: 'approval', needs: 'nothing', check: checkApproval },
];

/**
 * All checks side by side, as one table. Only reads; what cannot be looked at says why and keeps nobody else from looking. Each part
 * that the look missed is a line that failed, and what needs it is not looked at.
 */
export async function checkEverything(scene: Scene<Look>): Promise<{ report: readonly Check[] }> {
  const tables = await Promise.all(GROUPS.map((group) => runCheck(scene, group)));
  return { report: [...unseenParts(scene.settings, scene.observed), ...tables.flat()] };
}

async function runCheck(scene: Scene<Look>, { title, needs, check }: Group): Promise<readonly Check[]> {
  const parts = partsOf(scene.observed);
  try {
    switch (needs) {
      case 'nothing':
        return await check(scene);
      case 'app':
        return parts.app ? await check({ ...scene, observed: parts.app }) : [without(title, { app: undefined })];
      case 'databases':
        return parts.databases
          ? await check({ ...scene, observed: parts.databases })
          : [without(title, { databases: undefined })];
      case 'everything':
        return parts.everything ? await check({ ...scene, observed: parts.everything }) : [without(title, parts)];
    }
  } catch (error) {
    scene.context.signal.throwIfAborted();
    return [notLookedAt(title, reason(error))];
  }
}

interface Parts {
  readonly app: (AppLook & RunPart) | undefined;
  readonly databases: (DatabasePart & RunPart) | undefined;
  readonly everything: Observed | undefined;
}

function partsOf(look: Look): Parts {
  if (!isPartial(look)) return { app: look, databases: look, everything: look };
  const { appPart, databasePart } = look;
  // Without settings to read and a record nobody knows which of the databases are the originals.
  const isKnown = databasePart !== undefined && databasePart.databases.length > 0;
  return {
    app: appPart && { ...look, ...appPart },
    databases: isKnown ? { ...look, ...databasePart } : undefined,
    everything: isKnown ? wholeOf(look) : undefined,
  };
}

function without(title: string, parts: Partial<Parts>): Check {
  const missing = [
    ...('app' in parts && !parts.app ? ['the settings of the slots'] : []),
    ...('databases' in parts && !parts.databases ? ['the databases'] : []),
  ];
  return notLookedAt(title, `It needs ${listed(missing)}, which could not be looked at.`);
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
