import type { Answer } from '../arm/answer.ts';
import { newGuid, Unmodelled } from '../world.ts';
import { applicationOf } from './applications.ts';
import type { GraphCall } from './call.ts';
import { alreadyThere, graphRefusal, noSuchObject } from './refusal.ts';
import type { Application, FederatedCredential } from './state.ts';

/** An application takes no more. https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const MOST = 20;

/** `GET applications/{id}/federatedIdentityCredentials` */
export function listCredentials(call: GraphCall): Answer {
  if (call.url.searchParams.has('$filter')) throw new Unmodelled(call.what);
  return { status: 200, body: { value: applicationOf(call).credentials } };
}

/** `POST applications/{id}/federatedIdentityCredentials`: name, and issuer with subject, are unique in an application. */
export function createCredential(call: GraphCall): Answer {
  const application = applicationOf(call);
  const { name, issuer, subject, audiences, description } = call.body;
  const credential: FederatedCredential = {
    id: newGuid(call.world),
    name: required('name', name),
    issuer: required('issuer', issuer),
    subject: required('subject', subject),
    description: typeof description === 'string' ? description : null,
    audiences: Array.isArray(audiences) ? audiences.map(String) : [],
  };
  const { credentials } = application;
  if (credentials.some((one) => one.name.toLowerCase() === credential.name.toLowerCase()))
    throw alreadyThere(`FederatedIdentityCredential with name ${credential.name} already exists.`);
  if (credentials.some((one) => one.issuer === credential.issuer && one.subject === credential.subject))
    throw alreadyThere('FederatedIdentityCredential with same issuer and subject already exists.');
  if (credentials.length >= MOST) throw new Unmodelled(`${call.what}: more than ${MOST} credentials`);
  application.credentials = [...credentials, credential];
  signInBy(call, application);
  return { status: 201, body: credential };
}

/** `DELETE applications/{id}/federatedIdentityCredentials/{id or name}` */
export function deleteCredential(call: GraphCall): Answer {
  const application = applicationOf(call);
  const [, which = ''] = call.ids;
  const left = application.credentials.filter(({ id, name }) => id !== which && name !== which);
  if (left.length === application.credentials.length) throw noSuchObject(which);
  application.credentials = left;
  signInBy(call, application);
  return { status: 204 };
}

/** Lets the service principal of an application sign in by what the application takes. */
export function signInBy({ world }: Pick<GraphCall, 'world'>, { appId, credentials }: Application): void {
  const principal = world.principals[appId];
  if (principal === undefined) return;
  const federated = credentials.flatMap(({ issuer, subject, audiences }) =>
    audiences.map((audience) => ({ issuer, subject, audience })),
  );
  world.principals[appId] = { ...principal, federated };
}

function required(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw graphRefusal(
    400,
    'Request_BadRequest',
    `A value is required for property '${name}' of resource 'FederatedIdentityCredential'.`,
  );
}
