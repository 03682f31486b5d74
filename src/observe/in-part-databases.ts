import { listDatabases } from '../azure/databases.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { hasSettings, type SeenSlot, type Unseen } from '../deployment/partial-look.ts';
import { Stop } from '../errors.ts';
import type { Phase } from '../settings/choices.ts';
import { attempt, unseenPart } from './attempt.ts';
import { lookAtDatabases } from './database-look.ts';
import { databasePart, deploymentIn } from './deployment.ts';
import { originalNames } from './observe.ts';
import { provenCopies } from './pairs.ts';
import { serverOf } from './server.ts';

/** The server, also when production's connection strings could not be read: then input sql-server or the record tells it. */
export async function serverInPart(
  context: Context,
  unseen: Unseen[],
  production: SeenSlot | undefined,
): Promise<Server | undefined> {
  const part = {
    what: 'SQL server',
    so: 'which databases there are and whether a deployment is open',
    at: groupId(context),
  };
  const read = production && hasSettings(production) ? production : undefined;
  if (read || context.settings.sqlServer) {
    return attempt(context, unseen, part, () => serverOf(context, read ?? NO_SETTINGS));
  }
  const named = await attempt(context, [], part, () => serverOf(context, NO_SETTINGS));
  const why = new Stop(
    'bad-input',
    "It is named by production's connection strings, which could not be read.",
    'Let the identity read them, or name the server with input sql-server and the databases with input databases.',
  );
  if (!named) unseen.push(unseenPart(part, why));
  return named;
}

/** Which databases there are and what their tags record. */
export async function databasesInPart(
  context: Context,
  unseen: Unseen[],
  phase: Phase,
  production: SeenSlot | undefined,
  server: Server,
) {
  const read = production && hasSettings(production) ? production : undefined;
  const originals = originalNames(context.settings, read ?? NO_SETTINGS, server);
  const part = { what: `databases of ${server.name}`, so: 'whether a deployment is open', at: server.id };
  const look = await attempt(context, unseen, part, async () =>
    lookAtDatabases(context, server, originals, await listDatabases(context.arm, server.id), false),
  );
  // What this throws is no missing part: inputs contradict what is recorded.
  const deployment = look && deploymentIn(context, phase, originals, look, read?.marker);
  const seen =
    deployment &&
    (await attempt(context, unseen, part, async () =>
      databasePart(server, look, deployment, await provenCopies(context, server, deployment.pairs), {}),
    ));
  return deployment && { settings: deployment.settings, part: seen };
}

const NO_SETTINGS = { appSettings: {}, connectionStrings: {} };

function groupId({ app }: Context): string {
  return `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}`;
}
