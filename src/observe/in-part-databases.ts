import { listDatabases } from '../azure/databases.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { hasSettings, type SeenSlot, type Unseen } from '../deployment/partial-look.ts';
import { Stop } from '../errors.ts';
import type { Phase } from '../settings/choices.ts';
import { attempt } from './attempt.ts';
import { lookAtDatabases } from './database-look.ts';
import { appName, databasePart, deploymentIn } from './deployment.ts';
import { originalNames } from './observe.ts';
import { provenCopies } from './pairs.ts';
import { serverOf, serverWithRecord } from './server.ts';

/**
 * The server of input sql-server or of production's connection strings, otherwise the one that bears the record. With strings
 * that were read and do not tell it, that is told all the same: the phases that change something need the input.
 */
export async function serverInPart(
  context: Context,
  unseen: Unseen[],
  production: SeenSlot | undefined,
): Promise<Server | undefined> {
  const isRead = production !== undefined && hasSettings(production);
  const part = {
    what: 'SQL server',
    so: 'which databases there are and whether a deployment is open',
    at: groupId(context),
  };
  const failed: Unseen[] = [];
  const named = await attempt(context, failed, part, async () => {
    if (isRead) return serverOf(context, production);
    if (context.settings.sqlServer) return serverOf(context, NO_SETTINGS);
    throw new Stop(
      'bad-input',
      "It is named by production's connection strings, which could not be read.",
      'Let the identity read them, or name the server with input sql-server and the databases with input databases.',
    );
  });
  if (named) return named;
  const recorded = await attempt(context, [], part, () => serverWithRecord(context, appName(context)));
  const so = `whether it is ${recorded?.name}, which bears the record of a deployment of this app`;
  if (isRead || !recorded) unseen.push(...failed.map((each) => (recorded ? { ...each, so } : each)));
  return recorded;
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
