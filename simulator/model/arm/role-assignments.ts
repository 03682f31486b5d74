import { newGuid, type Principal, type World } from '../world.ts';
import type { Answer } from './answer.ts';
import { isAtOrBelow } from './authorize.ts';
import { type ArmCall, isJson, type Json, propertiesOf, unmodelled } from './call.ts';
import { armRefusal } from './refusal.ts';

type Role = Principal['roles'][number];
type CustomRole = NonNullable<World['roleDefinitions']>[number];

const CONTAINERS = 'Microsoft.Storage/storageAccounts/blobServices/containers';

/** What the built-in roles that people give a deployer may do, shortened to what is modelled. */
const BUILT_IN: readonly {
  readonly id: string;
  readonly name: string;
  readonly actions: string[];
  readonly notActions: string[];
  readonly dataActions?: string[];
}[] = [
  { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', name: 'Owner', actions: ['*'], notActions: [] },
  {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    name: 'Contributor',
    actions: ['*'],
    notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
  },
  { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', name: 'Reader', actions: ['*/read'], notActions: [] },
  {
    id: 'de139f84-1756-47ae-9be6-808fbbe84772',
    name: 'Website Contributor',
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Resources/*',
      'Microsoft.Web/serverFarms/read',
      'Microsoft.Web/sites/*',
    ],
    notActions: [],
  },
  {
    id: '9b7fa17d-e63e-47b0-bb0a-15c516ac86ec',
    name: 'SQL DB Contributor',
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.Resources/*',
      'Microsoft.Sql/servers/databases/*',
      'Microsoft.Sql/servers/read',
    ],
    notActions: [],
  },
  ...(
    [
      ['2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', 'Storage Blob Data Reader', ['read'], ['blobs/read']],
      [
        'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
        'Storage Blob Data Contributor',
        ['delete', 'read', 'write'],
        ['blobs/delete', 'blobs/read', 'blobs/write', 'blobs/move/action', 'blobs/add/action'],
      ],
      ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner', ['*'], ['blobs/*']],
    ] as const
  ).map(([id, name, actions, dataActions]) => ({
    id,
    name,
    actions: actions.map((action) => `${CONTAINERS}/${action}`),
    notActions: [],
    dataActions: dataActions.map((action) => `${CONTAINERS}/${action}`),
  })),
  {
    id: '17d1049b-9a84-46fb-8f53-869881c3d3ab',
    name: 'Storage Account Contributor',
    actions: ['Microsoft.Authorization/*/read', 'Microsoft.Storage/storageAccounts/*'],
    notActions: [],
  },
];

/** `{scope}/providers/Microsoft.Authorization/roleDefinitions`, of which `$filter=roleName eq '…'` names one. */
export function listRoleDefinitions(call: ArmCall): Answer {
  const filter = call.url.searchParams.get('$filter') ?? '';
  const [, name] = /^roleName eq '([^']*)'$/i.exec(filter) ?? [];
  if (filter !== '' && name === undefined && !/^type eq /i.test(filter)) throw unmodelled(call);
  const all = [...BUILT_IN, ...customRoles(call.world)];
  const value = all.filter((role) => name === undefined || role.name.toLowerCase() === name.toLowerCase());
  return { status: 200, body: { value: value.map((role) => definitionBody(call.world, role)) } };
}

/** `…/roleDefinitions/{definition}` */
export function showRoleDefinition(call: ArmCall): Answer {
  const { definition: id = '' } = call.names;
  const role = [...BUILT_IN, ...customRoles(call.world)].find((one) => one.id === id.toLowerCase());
  if (role !== undefined) return { status: 200, body: definitionBody(call.world, role) };
  throw armRefusal(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${id}' does not exist.`);
}

/**
 * `PUT …/roleDefinitions/{definition}`: makes a custom role, or changes it, for all to whom it is assigned. Names are unique in a tenant.
 * https://learn.microsoft.com/azure/role-based-access-control/custom-roles
 */
export function putRoleDefinition(call: ArmCall): Answer {
  const { world } = call;
  const id = (call.names.definition ?? '').toLowerCase();
  const { roleName, permissions, assignableScopes } = propertiesOf(call.body);
  const [allowed] = Array.isArray(permissions) ? permissions : [];
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const role = {
    id,
    name: String(roleName),
    actions: texts(isJson(allowed) ? allowed.actions : undefined),
    notActions: texts(isJson(allowed) ? allowed.notActions : undefined),
    dataActions: texts(isJson(allowed) ? allowed.dataActions : undefined),
    scopes: texts(assignableScopes),
  };
  const others = [...BUILT_IN, ...(world.roleDefinitions ?? [])].filter((one) => one.id !== id);
  if (others.some(({ name }) => name.toLowerCase() === role.name.toLowerCase())) {
    const rest = 'already exists in this directory. Use a different name.';
    throw armRefusal(409, 'RoleDefinitionWithSameNameExists', `A custom role with the same name ${rest}`);
  }
  world.roleDefinitions = [...(world.roleDefinitions ?? []).filter((one) => one.id !== id), role];
  for (const { role: given } of assignments(world)) {
    const { actions, notActions, dataActions, name } = role;
    if (given.definition === id) Object.assign(given, { actions, notActions, dataActions, name });
  }
  return { status: 201, body: definitionBody(world, role) };
}

/** `{scope}/providers/Microsoft.Authorization/roleAssignments`: above, at and below; `atScope()` leaves out those below. */
export function listRoleAssignments(call: ArmCall): Answer {
  const { world, path } = call;
  const filter = call.url.searchParams.get('$filter') ?? '';
  const [, of] = /(?:principalId eq|assignedTo\()\s*'?\{?([^'})]*)/i.exec(filter) ?? [];
  const value = assignments(world)
    .filter(
      ({ role }) =>
        isAtOrBelow(path.scope, role.scope) || (!/atScope/i.test(filter) && isAtOrBelow(role.scope, path.scope)),
    )
    .filter(({ principal }) => of === undefined || principal.objectId === of)
    .map(({ principal, role }) => assignmentBody(world, principal, role));
  return { status: 200, body: { value } };
}

/** `PUT …/roleAssignments/{assignment}` */
export function putRoleAssignment(call: ArmCall): Answer {
  const { world, path, names } = call;
  const { roleDefinitionId, principalId } = propertiesOf(call.body);
  const principal = Object.values(world.principals).find(({ objectId }) => objectId === principalId);
  if (principal === undefined) {
    throw armRefusal(
      400,
      'PrincipalNotFound',
      `Principal ${principalId} does not exist in the directory ${world.tenantId}.`,
    );
  }
  const id = String(roleDefinitionId).split('/').at(-1)?.toLowerCase();
  const definition = [...BUILT_IN, ...(world.roleDefinitions ?? [])].find((one) => one.id === id);
  if (definition === undefined)
    throw armRefusal(400, 'RoleDefinitionDoesNotExist', `The role definition ${id} does not exist.`);
  const taken = principal.roles.some(
    ({ scope, name }) => scope.toLowerCase() === path.scope.toLowerCase() && name === definition.name,
  );
  if (taken) throw armRefusal(409, 'RoleAssignmentExists', 'The role assignment already exists.');
  const role = assigned(definition, path.scope, names.assignment ?? newGuid(world));
  principal.roles.push(role);
  return { status: 201, body: assignmentBody(world, principal, role) };
}

/** The same without a request: gives a built-in role, by its name. */
export function giveRole(world: World, principal: Principal, name: string, scope: string): void {
  const definition = BUILT_IN.find((one) => one.name === name);
  if (definition === undefined) throw new Error(`No built-in role ${name} is modelled.`);
  principal.roles.push(assigned(definition, scope, newGuid(world)));
}

function assigned(definition: (typeof BUILT_IN)[number], scope: string, id: string): Role {
  const { actions, notActions, dataActions = [], name } = definition;
  return {
    scope,
    actions: [...actions],
    notActions: [...notActions],
    ...(dataActions.length > 0 && { dataActions: [...dataActions] }),
    name,
    id,
    definition: definition.id,
  };
}

/** `DELETE …/roleAssignments/{assignment}`: 204 when there is none. */
export function deleteRoleAssignment(call: ArmCall): Answer {
  const { world } = call;
  const found = assignments(world).find(({ role }) => assignmentId(role) === call.names.assignment);
  if (found === undefined) return { status: 204 };
  found.principal.roles = found.principal.roles.filter((one) => one !== found.role);
  return { status: 200, body: assignmentBody(world, found.principal, found.role) };
}

function assignments(world: World): { principal: Principal; role: Role }[] {
  return Object.values(world.principals).flatMap((principal) => principal.roles.map((role) => ({ principal, role })));
}

/** Roles that the world began with have no name: each is a custom role of its own. */
function customRoles(world: World): readonly CustomRole[] {
  const own = assignments(world).filter(({ role }) => role.name === undefined);
  const old = own.map(({ principal, role }) => ({
    ...role,
    id: assignmentId(role),
    name: `${principal.name} at ${role.scope}`,
    scopes: [`/subscriptions/${world.subscriptionId}`],
  }));
  return [...old, ...(world.roleDefinitions ?? [])];
}

/** Made of the scope for those that the world began with. */
function assignmentId(role: Role): string {
  if (role.id !== undefined) return role.id;
  const sum = [...role.scope, ...role.actions.join()].reduce(
    (hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0,
    7,
  );
  return `5a445a44-0000-4000-8000-${sum.toString(16).padStart(12, '0')}`;
}

function definitionOf(role: Role): string {
  return role.definition ?? BUILT_IN.find(({ name }) => name === role.name)?.id ?? assignmentId(role);
}

function assignmentBody(world: World, principal: Principal, role: Role): Json {
  return {
    properties: {
      roleDefinitionId: definitionIdOf(world, definitionOf(role)),
      principalId: principal.objectId,
      principalType: 'ServicePrincipal',
      scope: role.scope,
      condition: null,
      conditionVersion: null,
    },
    id: `${role.scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentId(role)}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: assignmentId(role),
  };
}

function definitionBody(world: World, role: Omit<CustomRole, 'scopes'> & Partial<Pick<CustomRole, 'scopes'>>): Json {
  const isBuiltIn = BUILT_IN.some(({ id }) => id === role.id);
  return {
    properties: {
      roleName: role.name,
      type: isBuiltIn ? 'BuiltInRole' : 'CustomRole',
      description: '',
      assignableScopes: role.scopes ?? [isBuiltIn ? '/' : `/subscriptions/${world.subscriptionId}`],
      permissions: [
        { actions: role.actions, notActions: role.notActions, dataActions: role.dataActions ?? [], notDataActions: [] },
      ],
    },
    id: definitionIdOf(world, role.id),
    type: 'Microsoft.Authorization/roleDefinitions',
    name: role.id,
  };
}

function definitionIdOf(world: World, id: string): string {
  return `/subscriptions/${world.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
}
