import { expect, test } from '@jest/globals';
import { bodyOf, type Caller, callerOn, messageOf } from './web/caller.ts';

const GRAPH = 'https://graph.microsoft.com/v1.0';
const ADMINISTRATOR = 'administrator';
const CREDENTIAL = {
  name: 'zdd',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:a/b:environment:zdd',
  audiences: ['api://AzureADTokenExchange'],
};

test('an application gets a service principal, which then signs in by the federated credentials of both orders', () => {
  const { caller, graph } = directory();
  const { id, appId } = bodyOf(graph('POST', '/applications', { displayName: 'zdd' }));
  expect(graph('POST', `/applications/${id}/federatedIdentityCredentials`, CREDENTIAL).status).toBe(201);
  const { id: objectId } = bodyOf(graph('POST', '/servicePrincipals', { appId }));
  const second = { ...CREDENTIAL, name: 'other', subject: 'repo:a/b:environment:production' };
  graph('POST', `/applications/${id}/federatedIdentityCredentials`, second);
  const principal = caller.world.principals[String(appId)];
  expect(principal?.objectId).toBe(objectId);
  expect(principal?.federated.map(({ subject }) => subject)).toEqual([CREDENTIAL.subject, second.subject]);
  expect(graph('DELETE', `/applications/${id}/federatedIdentityCredentials/other`).status).toBe(204);
  expect(caller.world.principals[String(appId)]?.federated).toHaveLength(1);
});

test('what is there already, or is not there, is refused as Graph refuses it', () => {
  const { graph } = directory();
  const { id, appId } = bodyOf(graph('POST', '/applications', { displayName: 'zdd' }));
  const credential = (more: object) =>
    graph('POST', `/applications/${id}/federatedIdentityCredentials`, { ...CREDENTIAL, ...more });
  credential({});
  expect(messageOf(credential({ subject: 'another' }))).toMatch(/with name zdd already exists/);
  expect(messageOf(credential({ name: 'another' }))).toMatch(/same issuer and subject/);
  expect(credential({ name: 'a', subject: '' }).status).toBe(400);
  graph('POST', '/servicePrincipals', { appId });
  expect(graph('POST', '/servicePrincipals', { appId }).status).toBe(409);
  expect(graph('POST', '/servicePrincipals', { appId: 'nobody' }).status).toBe(400);
  expect(graph('GET', '/applications/nobody').status).toBe(404);
});

test('filters find by name and by client id, and others are not modelled', () => {
  const { graph } = directory();
  const { appId } = bodyOf(graph('POST', '/applications', { displayName: 'zdd-shop' }));
  graph('POST', '/servicePrincipals', { appId });
  const found = (path: string) => (bodyOf(graph('GET', path)).value as { displayName: string }[]).length;
  expect(found("/applications?$filter=startswith(displayName,'ZDD')")).toBe(1);
  expect(found(`/applications?$filter=appId eq '${appId}'`)).toBe(1);
  expect(found("/applications?$filter=appId eq 'nobody'")).toBe(0);
  expect(found(`/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '${appId}')`)).toBe(1);
  expect(() => graph('GET', '/applications?$filter=createdDateTime gt 2026')).toThrow('does not model');
  expect(() => graph('GET', '/users')).toThrow('does not model');
  expect(() => graph('POST', '/applications', { displayName: 'x', web: { redirectUris: ['y'] } })).toThrow('web');
});

test('who does not administer applications may not even look', () => {
  const { caller } = directory();
  const refused = caller.send('GET', `${GRAPH}/applications`);
  expect([refused.status, messageOf(refused)]).toEqual([403, 'Insufficient privileges to complete the operation.']);
});

test('a custom role is made once in a tenant, and its change reaches those who have it', () => {
  const { caller } = directory();
  const subscription = `/subscriptions/${caller.world.subscriptionId}`;
  const as = { clientId: ADMINISTRATOR };
  const define = (id: string, roleName: string, actions: string[]) =>
    caller.send(
      'PUT',
      `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
      { properties: { roleName, assignableScopes: [subscription], permissions: [{ actions, notActions: [] }] } },
      as,
    );
  expect(define('r1', 'Looker', ['Microsoft.Sql/servers/read']).status).toBe(201);
  expect(define('r2', 'looker', []).status).toBe(409);
  expect(define('r2', 'Reader', []).status).toBe(409);
  const [{ objectId = '', roles = [] } = {}] = Object.values(caller.world.principals);
  roles.splice(0);
  const assignment = {
    properties: {
      principalId: objectId,
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/r1`,
    },
  };
  caller.send('PUT', `${subscription}/providers/Microsoft.Authorization/roleAssignments/a1`, assignment, as);
  const group = `${subscription}/resourceGroups/rg`;
  const [server = ''] = Object.keys(caller.world.sql.servers);
  const look = () => caller.send('GET', `${group}/providers/Microsoft.Sql/servers/${server}`).status;
  expect(look()).toBe(200);
  define('r1', 'Looker', ['Microsoft.Web/sites/read']);
  expect(look()).toBe(403);
});

function directory(): {
  caller: Caller;
  graph: (method: string, path: string, body?: unknown) => ReturnType<Caller['send']>;
} {
  const caller = callerOn();
  caller.world.principals[ADMINISTRATOR] = {
    clientId: ADMINISTRATOR,
    objectId: ADMINISTRATOR,
    name: ADMINISTRATOR,
    federated: [],
    roles: [{ scope: `/subscriptions/${caller.world.subscriptionId}`, actions: ['*'], notActions: [] }],
    administersApplications: true,
  };
  return {
    caller,
    graph: (method, path, body) => caller.send(method, GRAPH + path, body, { clientId: ADMINISTRATOR }),
  };
}
