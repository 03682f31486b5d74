import { roleActions } from '../../src/preflight/permissions-needed.ts';

/**
 * What the deploying identity may do at the resource group of a new world: the role of README.md, and what other clients
 * (Azure CLI, a person with a workflow of their own) need to set up and to change production, which the action never does.
 */
export const DEPLOYER_ACTIONS: readonly string[] = [
  ...roleActions(),
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Web/serverfarms/write',
  'Microsoft.Web/sites/write',
  'Microsoft.Web/sites/start/action',
  'Microsoft.Web/sites/stop/action',
  'Microsoft.Web/sites/restart/action',
  'Microsoft.Web/sites/applySlotConfig/action',
  'Microsoft.Web/sites/resetSlotConfig/action',
  'Microsoft.Web/sites/config/*',
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies/read',
  'Microsoft.Web/sites/hostNameBindings/read',
  'Microsoft.Web/sites/networkConfig/*',
  'Microsoft.Web/sites/privateEndpointConnections/read',
  'Microsoft.Web/sites/virtualNetworkConnections/read',
  'Microsoft.Web/sites/publishxml/action',
  'Microsoft.Web/sites/slots/publishxml/action',
  'Microsoft.Web/sites/continuouswebjobs/*',
  'Microsoft.Web/sites/slots/continuouswebjobs/*',
  'Microsoft.Web/sites/triggeredwebjobs/*',
  'Microsoft.Web/sites/slots/triggeredwebjobs/*',
  'Microsoft.Web/sites/instances/read',
  'Microsoft.Web/sites/slots/instances/read',
  'Microsoft.Web/sites/slots/config/*',
  'Microsoft.Sql/servers/usages/read',
  'Microsoft.Sql/servers/databases/*',
];
