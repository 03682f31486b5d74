import type { Answer } from '../arm/answer.ts';
import type { Json } from '../arm/call.ts';
import { newGuid, Unmodelled } from '../world.ts';
import type { GraphCall } from './call.ts';
import { passes } from './filter.ts';
import { graphRefusal, noSuchObject } from './refusal.ts';
import type { Application } from './state.ts';

/** `GET applications` */
export function listApplications(call: GraphCall): Answer {
  const value = Object.values(call.world.applications ?? {})
    .filter(({ id, appId, displayName }) =>
      passes(call, { id: [id], appId: [appId], displayName: [displayName], identifierUris: [] }),
    )
    .map(bodyOf);
  return { status: 200, body: { value } };
}

/** `POST applications`: two may bear the same name, as in Entra. */
export function createApplication(call: GraphCall): Answer {
  const { world } = call;
  const application: Application = {
    id: newGuid(world),
    appId: newGuid(world),
    displayName: nameIn(call),
    credentials: [],
  };
  world.applications = { ...world.applications, [application.id]: application };
  return { status: 201, body: bodyOf(application) };
}

/** `GET applications/{id}` */
export function showApplication(call: GraphCall): Answer {
  return { status: 200, body: bodyOf(applicationOf(call)) };
}

/** `PATCH applications/{id}`: only the name can be changed. */
export function renameApplication(call: GraphCall): Answer {
  applicationOf(call).displayName = nameIn(call);
  return { status: 204 };
}

/** The application that the first id of the path names; throws 404. */
export function applicationOf(call: GraphCall): Application {
  const [id = ''] = call.ids;
  const found = call.world.applications?.[id];
  if (found === undefined) throw noSuchObject(id);
  return found;
}

function nameIn({ body, what }: GraphCall): string {
  const { displayName, ...more } = body;
  const asked = Object.entries(more).filter(([, value]) => value !== null && JSON.stringify(value) !== '[]');
  if (asked.length > 0) throw new Unmodelled(`${what} with ${asked.map(([name]) => name).join(', ')}`);
  if (typeof displayName === 'string' && displayName !== '') return displayName;
  throw graphRefusal(
    400,
    'Request_BadRequest',
    "A value is required for property 'displayName' of resource 'Application'.",
  );
}

function bodyOf({ id, appId, displayName }: Application): Json {
  return {
    id,
    appId,
    displayName,
    identifierUris: [],
    signInAudience: 'AzureADMyOrg',
    keyCredentials: [],
    passwordCredentials: [],
    requiredResourceAccess: [],
  };
}
