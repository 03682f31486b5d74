import type { ProbeResult } from '../azure/probe.ts';
import { type BlobRoles, blobRolesOf } from '../azure/role-assignments.ts';
import { accountId, isVersioningEnabled } from '../azure/storage.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import { readOnlyProbesOf } from '../deployment/instance-settings.ts';
import type { AppLook } from '../deployment/observed.ts';
import { allSlots } from '../deployment/slots.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { Settings } from '../settings/settings.ts';
import { failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

/** What the profile needs of its surroundings, and what it says about the application. */
export async function checkProfile(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { context, settings, observed } = scene;
  const { needs } = profileOf(settings.profile);
  const { storageAccount } = settings;
  const path = fallbackPath(settings);
  const identities = allSlots(observed).flatMap(({ site }) =>
    Object.entries(site.principals ?? {}).filter(([id]) => site.identity.userAssigned.includes(id)),
  );
  const principals = [...new Map(identities).values()].filter((id) => id !== '');
  const [versioning, fallback, roles] = await Promise.all([
    needs.blobVersioning && storageAccount !== undefined
      ? see(context.signal, () => isVersioningEnabled(context.arm, context.app.subscriptionId, storageAccount))
      : undefined,
    path === undefined ? undefined : ask(scene, observed.production.host, path),
    needs.readerIdentity && storageAccount !== undefined && principals.length > 0
      ? see(context.signal, () => rolesAt(scene, storageAccount, principals))
      : undefined,
  ]);
  return [
    ...capabilities(settings, observed),
    ...blobVersioning(settings, versioning),
    ...readerIdentity(settings, observed, roles),
    ...fallbackPage(settings, observed, fallback),
  ];
}

/** Pure: what can be said of the profile without a look. */
function capabilities(settings: Settings, observed: AppLook): readonly Check[] {
  const profile = profileOf(settings.profile);
  const name = 'profile';
  if (profile.windowsOnly && !observed.app.windows) {
    const found = `${profile.title} has setting names that exist on Windows only, and the app runs on Linux.`;
    return [failed(name, found, 'profile: <one that fits the app>')];
  }
  const checks = [passed(name, [profile.title, ...profile.notes].join('. ').replaceAll('..', '.'))];
  checks.push(...backgroundWork(settings));
  if (settings.mode === 'read-only' && readOnlyProbesOf(settings).length === 0) {
    checks.push(
      warning(
        'read-only probes',
        'No request is named by which the application proves that it refuses writes itself; the database refuses them (3906), and visitors may see the error.',
        'read-only-probes: POST /<path of a form> -> 503',
      ),
    );
  }
  return checks;
}

/**
 * Pure: the copy is a second process of the live build, from `read-only` on. That its database refuses writes does not keep
 * it from sending mails, emptying queues and filling search indexes, all of which the live build does as well.
 */
function backgroundWork({ mode, profile: name, readonlySettings }: Settings): readonly Check[] {
  const { title, readOnly, turnsOffBackgroundWork } = profileOf(name);
  const own = readonlySettings.map((setting) => setting.name);
  const isOff = mode === 'read-write' ? turnsOffBackgroundWork : readOnly.length > 0;
  if (isOff) return [];
  if (own.length > 0) {
    const known = `readonly-settings set ${listed(own)}; that one of them keeps the copy from sending mails, emptying queues and the like a second time is for you to know.`;
    return [passed('background work', known)];
  }
  return [
    warning(
      'background work',
      `In mode ${mode} nothing turns off the background work of the copy: ${title} has no switch for it. From "read-only" on it runs beside the live build, and what it does outside of the database (mails, queues, search indexes) is done twice.`,
      'readonly-settings: <NAME>=<value that turns it off>',
    ),
  ];
}

/** Pure: without versions the copy would serve today's blobs beside yesterday's content. */
function blobVersioning(settings: Settings, versioning: Seen<boolean | null> | undefined): readonly Check[] {
  const name = 'blob versioning';
  const { needs, title } = profileOf(settings.profile);
  if (!needs.blobVersioning) return [];
  const account = settings.storageAccount;
  if (account === undefined) {
    return [
      warning(
        name,
        `${title} serves blobs as of the snapshot, for which versioning must be on.`,
        'storage-account: <name of the account>',
      ),
    ];
  }
  if (versioning?.value === true) return [passed(name, `On in ${account}.`)];
  if (versioning?.value === false) {
    const fix = `az storage account blob-service-properties update --account-name ${shell(account.split('/').at(-1) ?? '')} --enable-versioning true`;
    return [failed(name, `Off in ${account}: the copy could not serve blobs as of the snapshot.`, fix)];
  }
  return [notLookedAt(name, versioning?.why ?? `The identity may not see storage account ${account}.`)];
}

/** Pure: the copy must be unable to write blobs, in whichever slot it is. */
function readerIdentity(
  settings: Settings,
  observed: AppLook,
  roles: Seen<readonly RolesSeen[] | null> | undefined,
): readonly Check[] {
  const name = 'reader identity';
  const { needs, title } = profileOf(settings.profile);
  if (!needs.readerIdentity) return [];
  const slots = allSlots(observed);
  const [first] = slots.flatMap(({ site }) => site.identity.userAssigned);
  const lacking = slots.filter(({ site }) => site.identity.userAssigned.length === 0);
  if (lacking.length === 0) {
    const names = observed.production.site.identity.userAssigned.map((id) => id.split('/').at(-1) ?? '');
    const own = listed(names);
    if (roles === undefined)
      return [passed(name, `${own}; with storage-account its roles are looked at: that it may only read blobs.`)];
    if (!roles.value)
      return [notLookedAt(name, roles.why ?? `${own}; the identity of this run may not see what roles it has.`)];
    return roles.value.flatMap((seen) => rolesChecks(name, own, seen));
  }
  return lacking.map((slot) =>
    failed(
      name,
      `${title} needs a user-assigned identity that may only read blobs on all three slots; ${slot.name} has none.`,
      `${azWebApp(observed.app, 'identity assign', slot.name)} --identities ${shell(first ?? '<resource id of the identity>')}`,
    ),
  );
}

/** Pure: what production answers to the page that will stand in for what cannot work read-only. */
function fallbackPage(settings: Settings, observed: AppLook, answer: ProbeResult | undefined): readonly Check[] {
  const name = 'fallback page';
  const path = fallbackPath(settings);
  if (path === undefined || answer === undefined) return [];
  if ('status' in answer && answer.status < 400)
    return [
      passed(
        name,
        `GET ${path} answers ${answer.status} in production; "read-only" asks the copy, which is what visitors will see.`,
      ),
    ];
  const said = 'status' in answer ? `answers ${answer.status}` : `got no answer (${answer.error})`;
  return [
    warning(
      name,
      `GET ${path} ${said}: what cannot work read-only would show an error instead.`,
      `curl -i https://${observed.production.host}${path}`,
    ),
  ];
}

function fallbackPath({ profile }: Settings): string | undefined {
  return profileOf(profile).needs.copyAnswers.find(({ status }) => status === undefined)?.path;
}

/** What an identity of the slots may do with the blobs of the account. */
interface RolesSeen extends BlobRoles {
  readonly principal: string;
  /** Resource id of the account. */
  readonly account: string;
}

/** Null when the account or the assignments cannot be seen. */
async function rolesAt(
  { context: { arm, app } }: Scene<AppLook>,
  account: string,
  principals: readonly string[],
): Promise<readonly RolesSeen[] | null> {
  const id = await accountId(arm, app.subscriptionId, account);
  if (id === null) return null;
  const all = await Promise.all(principals.map((principal) => blobRolesOf(arm, id, principal)));
  const seen = all.flatMap((roles, index) =>
    roles ? [{ ...roles, principal: principals[index] ?? '', account: id }] : [],
  );
  return seen.length === all.length ? seen : null;
}

/** Pure: the copy reads blobs as of the snapshot, and what it could change would be changed for everybody. */
function rolesChecks(
  name: string,
  own: string,
  { reads, changes, others, principal, account }: RolesSeen,
): readonly Check[] {
  const at = account.split('/').at(-1) ?? '';
  const of = (command: 'create' | 'delete', role: string, scope = account, whom = principal) =>
    `az role assignment ${command} --assignee ${shell(whom)} --role ${shell(role)} --scope ${shell(scope)}`;
  const [first] = changes;
  if (first !== undefined) {
    const roles = listed([...new Set(changes.map(({ role }) => role))]);
    const by =
      first.principal === principal
        ? ''
        : ` ${first.role} comes from group ${first.principal}, whose others lose it as well, unless the identity leaves it.`;
    const found = `${own} (${principal}) has ${roles} on ${at}, or above or below it: the copy could change the blobs that all serve.${by}`;
    return [failed(name, found, of('delete', first.role, first.scope, first.principal))];
  }
  if (!reads && others.length === 0) {
    const found = `${own} (${principal}) has no role on ${at}: the copy could not read a blob.`;
    return [failed(name, found, of('create', 'Storage Blob Data Reader'))];
  }
  const unknown = `Role definition ${listed(others)} is none that is known here: that it lets nobody change blobs is for you to know.`;
  const found = `${own} has ${reads ? `Storage Blob Data Reader on ${at}, and none that changes blobs` : `a role on ${at}`}.`;
  return [passed(name, others.length > 0 ? `${found} ${unknown}` : found)];
}
