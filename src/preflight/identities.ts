import { addToRoleText, createUserText } from '../azure/sql-users.ts';
import { identityUsed } from '../connection-strings/authentication.ts';
import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import type { Inside, LookInside } from './inside.ts';
import { allFine, failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

const NAME = 'database users of the slots';

/**
 * Pure: when production logs in with a managed identity, the build logs in as the slot that it is in, or was started in; a swap
 * never moves identities. Each slot's must be known to the database before it is copied, for the clone has the same users.
 */
export function identityChecks(settings: Settings, observed: Observed, looks: readonly LookInside[]): readonly Check[] {
  const strings = usesManagedIdentity(observed);
  if (strings.length === 0) return [];
  const unseen = looks.flatMap(({ inside }) => (inside.why === undefined ? [] : [notLookedAt(NAME, inside.why)]));
  const wanted = strings.some(({ client }) => client !== undefined)
    ? userAssigned(observed)
    : systemAssigned(settings, observed);
  const offenders = looks.flatMap(({ database, inside }) =>
    inside.value
      ? [
          ...left(settings, database, inside.value, wanted),
          ...missing(
            settings,
            observed,
            database,
            inside.value,
            wanted.filter((each) => !isMade(settings, observed, each)),
          ),
          ...unmakeable(settings, observed, database, inside.value, wanted),
        ]
      : [],
  );
  const made = wanted.filter((each) => isMade(settings, observed, each)).map(({ user }) => user);
  if (made.length > 0 && unseen.length === 0 && offenders.length === 0)
    return [
      passed(
        NAME,
        `"clone" makes ${listed(made)} where they are missing in ${listed(looks.map(({ database }) => database))}, with the roles of ${observed.app.name} (slot-users). They stay, as the slots do.`,
      ),
    ];
  const advice = wanted.some(({ slot }) => slot !== undefined) ? ` ${SHARED_IS_BETTER}` : '';
  return allFine(
    NAME,
    `${listed(wanted.map(({ user }) => user))} ${wanted.length === 1 ? 'is' : 'are'} known in ${listed(looks.map(({ database }) => database))}.${advice}`,
    [...unseen, ...offenders],
  );
}

/** https://github.com/Azure/Azure-Functions/issues/2511, https://github.com/Azure/azure-sdk-for-net/issues/45367 */
const SHARED_IS_BETTER =
  'After a swap a process may go on with the identity of the slot in which it was started: one user-assigned identity on all slots spares the difference.';

interface Wanted {
  readonly user: string;
  /** The slot whose identity it is; undefined for one that slots share. */
  readonly slot?: string;
  /** It exists already. */
  readonly made: boolean;
}

/** An app's identity is named as the app, a slot's `<app>/slots/<slot>`. https://github.com/MicrosoftDocs/azure-docs/issues/75084 */
function systemAssigned(
  settings: Settings,
  { app, production, readonlySlot, stagingSlot }: Observed,
): readonly Wanted[] {
  const has = (slot: Slot | null) => slot?.site.identity.type.includes('SystemAssigned') === true;
  return [
    { user: app.name, slot: 'production', made: has(production) },
    { user: `${app.name}/slots/${settings.readonlySlot}`, slot: settings.readonlySlot, made: has(readonlySlot) },
    { user: `${app.name}/slots/${settings.stagingSlot}`, slot: settings.stagingSlot, made: has(stagingSlot) },
  ];
}

/** Whether each slot signs in with an identity of its own. */
export function signsInAsSlot(observed: Observed): boolean {
  const strings = usesManagedIdentity(observed);
  return strings.length > 0 && strings.every(({ client }) => client === undefined);
}

/** `clone` makes the user: the slot has an identity, or will be made with production's kind. */
function isMade(
  { slotUsers, readonlySlot, stagingSlot }: Settings,
  observed: Observed,
  { slot, made }: Wanted,
): boolean {
  if (!slotUsers || slot === undefined || slot === 'production') return false;
  const there = [
    { name: readonlySlot, site: observed.readonlySlot },
    { name: stagingSlot, site: observed.stagingSlot },
  ].find(({ name }) => name === slot)?.site;
  return made || there === null;
}

/** What `slot-users` agrees to and cannot be done. */
function unmakeable(
  settings: Settings,
  observed: Observed,
  database: string,
  inside: Inside,
  wanted: readonly Wanted[],
): readonly Check[] {
  const made = wanted.filter((each) => isMade(settings, observed, each));
  if (made.length === 0) return [];
  const knows = (user: string) => inside.identities.find(({ name }) => name.toLowerCase() === user.toLowerCase());
  const roles = knows(observed.app.name)?.roles;
  if (roles === undefined)
    return [
      failed(
        NAME,
        `Database ${database} has no user ${observed.app.name}, with which production signs in: which roles those of the slots should have is not known.`,
        made.map(({ user }) => createUser(user, [])).join(' '),
      ),
    ];
  const lacking = made.filter(({ user }) => roles.some((role) => !knows(user)?.roles.includes(role)) || !knows(user));
  if (lacking.length === 0 || inside.mayAddUsers) return [];
  return [
    failed(
      NAME,
      `User ${inside.user} may not make users in database ${database}, which slot-users asks for.`,
      addToRoleText('db_owner', inside.user),
    ),
  ];
}

/**
 * A user is known by its name and signs in by its identity, which went with its slot: one made anew has another.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
 */
function left({ slotUsers }: Settings, database: string, inside: Inside, wanted: readonly Wanted[]): readonly Check[] {
  const names = inside.identities.map(({ name }) => name.toLowerCase());
  return wanted
    .filter(({ user, slot, made }) => slot !== undefined && !made && names.includes(user.toLowerCase()))
    .map(({ user, slot }) =>
      failed(
        NAME,
        `User ${user} of database ${database} is of an identity that does not exist any more: the one that slot ${slot} gets could not log in.`,
        `In ${database}: DROP USER [${user}]; then run "preflight" again${slotUsers ? '' : ', which says how to make both'}.`,
      ),
    );
}

function userAssigned({ production }: Observed): readonly Wanted[] {
  const names = production.site.identity.userAssigned.map((id) => id.split('/').at(-1) ?? '');
  return names.map((user) => ({ user, made: true }));
}

function missing(
  settings: Settings,
  { app }: Observed,
  database: string,
  inside: Inside,
  wanted: readonly Wanted[],
): readonly Check[] {
  const known = new Set(inside.identities.map(({ name }) => name.toLowerCase()));
  const unknown = wanted.filter(({ user }) => !known.has(user.toLowerCase()));
  // Which of several shared identities logs in is in its client id only: one that is known is enough.
  if (wanted.every(({ slot }) => slot === undefined) && unknown.length < wanted.length) return [];
  const roles = inside.identities.find(({ name }) => name.toLowerCase() === app.name.toLowerCase())?.roles ?? [];
  return [...unknown.map(unknownUser), ...wanted.flatMap(({ user }) => lackingRoles(inside, database, user, roles))];

  function unknownUser({ user, slot, made }: Wanted): Check {
    const found = `Database ${database} has no user ${user}: a build in slot ${slot ?? 'production'} could not log in.`;
    if (inside.groups)
      return warning(
        NAME,
        `${found} (Unless it is in one of the groups that are users there.)`,
        createUser(user, roles),
      );
    if (made || slot === undefined) return failed(NAME, found, createUser(user, roles));
    const first = `${azWebApp(app, 'deployment slot create', slot)} && ${azWebApp(app, 'identity assign', slot)}`;
    const fix = `${first}; then in ${database}: ${createUser(user, roles)} (slot-users: true lets "clone" do all of it; a user-assigned identity on all slots spares it; and adopt-slots: ${settings.adoptSlots} must be true for slots made by hand)`;
    return failed(NAME, `${found} Its identity does not exist yet. ${SHARED_IS_BETTER}`, fix);
  }
}

/** Whoever was started in a slot may serve visitors as that slot's user, with no less than production's may do. */
function lackingRoles(inside: Inside, database: string, user: string, roles: readonly string[]): readonly Check[] {
  const known = inside.identities.find(({ name }) => name.toLowerCase() === user.toLowerCase());
  const lacking = known ? roles.filter((role) => !known.roles.includes(role)) : [];
  if (lacking.length === 0) return [];
  return [
    failed(
      NAME,
      `User ${user} of database ${database} is not in ${listed(lacking)}, as production's user is. ${SHARED_IS_BETTER}`,
      lacking.map((role) => addToRoleText(role, user)).join(' '),
    ),
  ];
}

/** With the roles that production's own user has. */
function createUser(user: string, roles: readonly string[]): string {
  const given = roles.length > 0 ? roles : ['db_datareader', 'db_datawriter'];
  return [createUserText(user), ...given.map((role) => addToRoleText(role, user))].join(' ');
}

/** Production's connection strings that log in with an identity; `client` names a user-assigned one. */
export function usesManagedIdentity(
  observed: Observed,
): readonly { readonly name: string; readonly client: string | undefined }[] {
  const live = liveBuildSlot(observed);
  return findDatabasesOn(live, observed.servers).flatMap(({ name, value, address }) =>
    identityUsed(value) === undefined ? [] : [{ name, client: address.user }],
  );
}
