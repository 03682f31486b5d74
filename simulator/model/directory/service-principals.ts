import type { Answer } from '../arm/answer.ts';
import type { Json } from '../arm/call.ts';
import { newGuid, type Principal } from '../world.ts';
import type { GraphCall } from './call.ts';
import { signInBy } from './federated-credentials.ts';
import { passes } from './filter.ts';
import { alreadyThere, graphRefusal, noSuchObject } from './refusal.ts';

/** `GET servicePrincipals` */
export function listServicePrincipals(call: GraphCall): Answer {
  const value = Object.values(call.world.principals)
    .filter(({ clientId, objectId, name }) =>
      passes(call, { id: [objectId], appId: [clientId], displayName: [name], servicePrincipalNames: [clientId] }),
    )
    .map(bodyOf);
  return { status: 200, body: { value } };
}

/** `POST servicePrincipals` for an application of this tenant. */
export function createServicePrincipal(call: GraphCall): Answer {
  const { world } = call;
  const { appId } = call.body;
  const application = Object.values(world.applications ?? {}).find((one) => one.appId === appId);
  if (application === undefined)
    throw graphRefusal(
      400,
      'Request_BadRequest',
      `When using this permission, the backing application of the service principal being created must in the local tenant`,
    );
  if (world.principals[application.appId] !== undefined) {
    const rest = 'cannot be created, updated, or restored because the service principal name';
    throw alreadyThere(`The service principal ${rest} ${appId} is already in use.`);
  }
  const principal: Principal = {
    clientId: application.appId,
    objectId: newGuid(world),
    name: application.displayName,
    federated: [],
    roles: [],
  };
  world.principals[principal.clientId] = principal;
  signInBy(call, application);
  return { status: 201, body: bodyOf(principal) };
}

/** `GET servicePrincipals/{id}` */
export function showServicePrincipal(call: GraphCall): Answer {
  const [id = ''] = call.ids;
  const found = Object.values(call.world.principals).find(({ objectId }) => objectId === id);
  if (found === undefined) throw noSuchObject(id);
  return { status: 200, body: bodyOf(found) };
}

/** `POST directoryObjects/getByIds`: those that are there. */
export function objectsByIds(call: GraphCall): Answer {
  const ids = Array.isArray(call.body.ids) ? call.body.ids : [];
  const value = Object.values(call.world.principals)
    .filter(({ objectId }) => ids.includes(objectId))
    .map((one) => ({ '@odata.type': '#microsoft.graph.servicePrincipal', ...bodyOf(one) }));
  return { status: 200, body: { value } };
}

function bodyOf({ clientId, objectId, name }: Principal): Json {
  return {
    id: objectId,
    appId: clientId,
    displayName: name,
    appDisplayName: name,
    accountEnabled: true,
    servicePrincipalNames: [clientId],
    servicePrincipalType: 'Application',
  };
}
