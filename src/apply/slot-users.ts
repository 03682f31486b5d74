import { isBroken } from '../azure/sql-statements.ts';
import {
  addToRole,
  addToRoleText,
  createIdentityUser,
  createUserText,
  identitiesIn,
  mayNotLookUp,
} from '../azure/sql-users.ts';
import type { Change, Scene } from '../context/scene.ts';
import { originals } from '../deployment/originals.ts';
import { Stop } from '../errors.ts';
import { type SqlConnection, SqlError } from '../ports.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';

/** Entra knows a new identity by its name only after a while. https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq */
const KNOWN_MS = 300_000;

/**
 * Makes the users that are missing, with the roles of production's own. Looked at right before: what is there stays. They are never
 * removed: the slots stay, too, and after a swap production may go on with the identity of the slot in which it was started.
 */
export async function addSlotUsers(scene: Scene, step: StepOf<'add-slot-users'>): Promise<Change> {
  const { observed, context } = scene;
  const clones = observed.databases.flatMap(({ clone }) => clone?.name ?? []);
  for (const database of [...originals(observed), ...clones])
    for (const slot of step.slots) await addUser(scene, database, `${context.app.name}/slots/${slot}`);
  return done(step);
}

async function addUser(scene: Scene, database: string, user: string): Promise<void> {
  const { databases, ports, signal } = scene.context;
  const { roles, has } = await databases.read(database, (connection) => lookFor(scene, connection, database, user));
  const lacking = roles.filter((role) => !has?.includes(role));
  if (has && lacking.length === 0) return;
  const byHand = [...(has ? [] : [createUserText(user)]), ...lacking.map((role) => addToRoleText(role, user))].join(
    ' ',
  );
  try {
    if (!has)
      await waitFor(ports.clock, ports.log, {
        what: `Microsoft Entra to know ${user}`,
        deadlineMs: KNOWN_MS,
        otherwise: `Look whether its slot has a system-assigned identity; or run in ${database}: ${byHand} Then run "clone" again.`,
        signal,
        look: async () =>
          (await databases.use(database, (connection) => createIdentityUser(connection, user))) === 'there'
            ? { done: undefined }
            : { seen: 'not found' },
      });
    for (const role of lacking) await databases.use(database, (connection) => addToRole(connection, role, user));
  } catch (error) {
    if (!(error instanceof SqlError) || isBroken(error)) throw error;
    throw refused(error, database, user, byHand);
  }
  ports.log.info(`Database ${database} has user ${user} in ${roles.join(', ')} now.`);
}

/** The roles of production's user, and those of this one; undefined when it is not there. */
async function lookFor({ context }: Scene, connection: SqlConnection, database: string, user: string) {
  const { identities } = await identitiesIn(connection);
  const rolesOf = (name: string) => identities.find((each) => each.name.toLowerCase() === name.toLowerCase())?.roles;
  const roles = rolesOf(context.app.name);
  if (roles === undefined)
    throw new Stop(
      'refused',
      `Database ${database} has no user ${context.app.name}, with which production signs in: what the slots may do there is not known.`,
      `Make it, or the users of the slots, by hand: ${createUserText(user)} Then run "clone" again.`,
    );
  return { roles, has: rolesOf(user) };
}

function refused(error: SqlError, database: string, user: string, byHand: string): Stop {
  const why = mayNotLookUp(error)
    ? 'the SQL server may not look up identities: its own needs the role Directory Readers in Microsoft Entra'
    : error.message;
  return new Stop(
    'refused',
    `User ${user} was not made in database ${database}: ${why.replace(/\.$/, '')}. Visitors notice nothing.`,
    `Correct that, or let an administrator of Microsoft Entra run in ${database}: ${byHand} Then run "clone" again.`,
    { cause: error },
  );
}
