import { withDatabase, withServer } from '../sql/database-call.ts';
import { listLinks, showAuditing } from '../sql/database-parts.ts';
import { listDatabases, showDatabase } from '../sql/databases.ts';
import { dropDatabase } from '../sql/drop.ts';
import { deleteRule, listRules, putRule, showRule } from '../sql/firewall.ts';
import { moveDatabase } from '../sql/move.ts';
import { cancelOperation, listOperations, pollResult, pollState } from '../sql/operation-requests.ts';
import { listAdministrators, listDatabaseUsages, listServerUsages, showEncryption } from '../sql/operator-parts.ts';
import { patchDatabase, putDatabase } from '../sql/put-database.ts';
import { replaceLongTerm, showLongTerm, showShortTerm, updateShortTerm } from '../sql/retention.ts';
import { listAliases, listFailoverGroups, listPools, showPool } from '../sql/server-parts.ts';
import { listServers, showServer } from '../sql/servers.ts';
import { databaseTags, pollTags, serverTags } from '../sql/tags.ts';
import { listAccounts, showBlobService } from '../storage/accounts.ts';
import { showAuth, showAuthV2, updateAuth, updateAuthV2 } from '../web/auth.ts';
import { listReferences } from '../web/config-references.ts';
import { listArmJobs, showArmJob, switchArmJob } from '../web/job-requests.ts';
import { listInstances, listNone, listProcesses, showLogs, updateLogs } from '../web/operator-parts.ts';
import {
  listBindings,
  listNetworkConnections,
  listPolicies,
  listPrivateEndpoints,
  networkIntegration,
  showPolicy,
  updatePolicy,
} from '../web/parts.ts';
import { listPlans, showPlan, updatePlan } from '../web/plans.ts';
import { restartSlot, start, stop } from '../web/power.ts';
import { listCredentials, publishXml } from '../web/publishing.ts';
import { appSettings, connectionStrings, list, replace, storageMounts } from '../web/settings.ts';
import { deleteSlot, listSites, listSlots, putSlot, showSite, updateSite } from '../web/sites.ts';
import { withSite, withSlot } from '../web/slot-call.ts';
import { replaceNames, showNames } from '../web/slot-config-names.ts';
import { slotTags } from '../web/slot-tags.ts';
import { beginPreview, endPreview, pollSwap, swapSlots } from '../web/swap-requests.ts';
import { showWebConfig, updateWebConfig } from '../web/web-config.ts';
import type { ArmCall } from './call.ts';
import { deleteGroup, listDeployments, putDeployment, putGroup, showDeployment } from './deployments.ts';
import { deleteLock, listLocks, putLock, showLock } from './locks.ts';
import { listPermissions } from './permissions.ts';
import { showProvider } from './providers.ts';
import { listResources } from './resource-list.ts';
import { hasGroup, listGroups, listSubscriptions, listTenants, showGroup, showSubscription } from './resources.ts';
import {
  deleteRoleAssignment,
  listRoleAssignments,
  listRoleDefinitions,
  putRoleAssignment,
  putRoleDefinition,
  showRoleDefinition,
} from './role-assignments.ts';
import { type Found, type Route, router } from './router.ts';
import { groupTags } from './tags.ts';

const SITE = 'Microsoft.Web/sites/{site}';
/** Production, which is the app itself, or one of its other slots. */
const SLOT = `${SITE}[/slots/{slot}]`;
const SERVER = 'Microsoft.Sql/servers/{server}';
const DATABASE = `${SERVER}/databases/{database}`;
const LOCATION = 'Microsoft.Sql/locations/{location}';
/** What hangs on a resource, a resource group or the subscription. */
const EXTENDS = '[{scope*}/providers/]Microsoft.Authorization/';
const TAGS = 'Microsoft.Resources/tags/default';

/**
 * Every request to Azure Resource Manager that is modelled: a path with a slash before it is a whole one, others are below
 * `/subscriptions/{id}[/resourceGroups/{group}]/providers/`. Who asks may do so, and the resource group exists: `admit`
 * has seen to it. `with…` finds what the path names, or refuses.
 */
const routes: readonly Route<ArmCall>[] = [
  ['GET HEAD', '/tenants', listTenants],
  ['GET HEAD', '/subscriptions', listSubscriptions],
  ['GET HEAD', '/subscriptions/{subscription}', showSubscription],
  ['GET HEAD', '/subscriptions/{subscription}/resourceGroups', listGroups],
  ['GET', '/subscriptions/{subscription}/resourceGroups/{group}', showGroup],
  ['HEAD', '/subscriptions/{subscription}/resourceGroups/{group}', hasGroup],
  ['PUT', '/subscriptions/{subscription}/resourceGroups/{group}', putGroup],
  ['DELETE', '/subscriptions/{subscription}/resourceGroups/{group}', deleteGroup],
  ['GET', '/subscriptions/{subscription}[/resourceGroups/{group}]/resources', listResources],
  ['GET', 'Microsoft.{provider}', showProvider],
  ['GET', 'Microsoft.Resources/deployments', listDeployments],
  ['GET', 'Microsoft.Resources/deployments/{deployment}', showDeployment],
  ['PUT', 'Microsoft.Resources/deployments/{deployment}', putDeployment],
  ['GET', '/subscriptions/{subscription}/tagsOperationResults', pollTags],
  ['GET PUT PATCH DELETE', TAGS, groupTags],
  ['GET', `${EXTENDS}permissions`, listPermissions],
  ['GET', `${EXTENDS}locks`, listLocks],
  ['GET', `${EXTENDS}locks/{lock}`, showLock],
  ['PUT', `${EXTENDS}locks/{lock}`, putLock],
  ['DELETE', `${EXTENDS}locks/{lock}`, deleteLock],
  ['GET', `${EXTENDS}roleAssignments`, listRoleAssignments],
  ['PUT', `${EXTENDS}roleAssignments/{assignment}`, putRoleAssignment],
  ['DELETE', `${EXTENDS}roleAssignments/{assignment}`, deleteRoleAssignment],
  ['GET', `${EXTENDS}roleDefinitions`, listRoleDefinitions],
  ['GET', `${EXTENDS}roleDefinitions/{definition}`, showRoleDefinition],
  ['PUT', `${EXTENDS}roleDefinitions/{definition}`, putRoleDefinition],
  ['GET', 'Microsoft.Storage/storageAccounts', listAccounts],
  ['GET', 'Microsoft.Storage/storageAccounts/{account}/blobServices/default', showBlobService],

  ['GET', 'Microsoft.Web/serverfarms', listPlans],
  ['GET', 'Microsoft.Web/serverfarms/{plan}', showPlan],
  ['PUT', 'Microsoft.Web/serverfarms/{plan}', updatePlan],
  ['GET', 'Microsoft.Web/sites', listSites],
  ['GET', SLOT, withSlot(showSite)],
  ['PUT', SITE, withSlot(updateSite)],
  ['PATCH', SLOT, withSlot(updateSite)],
  ['GET', `${SITE}/slots`, withSite(listSlots)],
  ['PUT', `${SITE}/slots/{slot}`, withSite(putSlot)],
  ['DELETE', `${SITE}/slots/{slot}`, withSite(deleteSlot)],
  ['GET PUT PATCH DELETE', `${SLOT}/providers/${TAGS}`, withSlot(slotTags)],
  ['POST', `${SLOT}/start`, withSlot(start)],
  ['POST', `${SLOT}/stop`, withSlot(stop)],
  ['POST', `${SLOT}/restart`, withSlot(restartSlot)],
  ['POST', `${SLOT}/slotsswap`, withSlot(swapSlots)],
  ['POST', `${SLOT}/applySlotConfig`, withSlot(beginPreview)],
  ['POST', `${SLOT}/resetSlotConfig`, withSlot(endPreview)],
  ['GET', `${SLOT}/operationresults/{operation}`, withSlot(pollSwap)],
  ['POST', `${SLOT}/config/appsettings/list`, withSlot(list(appSettings))],
  ['PUT', `${SLOT}/config/appsettings`, withSlot(replace(appSettings))],
  ['POST', `${SLOT}/config/connectionstrings/list`, withSlot(list(connectionStrings))],
  ['PUT', `${SLOT}/config/connectionstrings`, withSlot(replace(connectionStrings))],
  ['POST', `${SLOT}/config/azurestorageaccounts/list`, withSlot(list(storageMounts))],
  ['PUT', `${SLOT}/config/azurestorageaccounts`, withSlot(replace(storageMounts))],
  ['GET', `${SLOT}/config/configreferences/appsettings`, withSlot(listReferences('appsettings'))],
  ['GET', `${SLOT}/config/configreferences/connectionstrings`, withSlot(listReferences('connectionstrings'))],
  ['GET', `${SLOT}/config/web`, withSlot(showWebConfig)],
  ['PUT PATCH', `${SLOT}/config/web`, withSlot(updateWebConfig)],
  ['GET', `${SITE}/config/slotConfigNames`, withSite(showNames)],
  ['PUT', `${SITE}/config/slotConfigNames`, withSite(replaceNames)],
  ['POST', `${SLOT}/config/authsettings/list`, withSlot(showAuth)],
  ['PUT', `${SLOT}/config/authsettings`, withSlot(updateAuth)],
  ['GET', `${SLOT}/config/authsettingsV2[/list]`, withSlot(showAuthV2)],
  ['PUT', `${SLOT}/config/authsettingsV2`, withSlot(updateAuthV2)],
  ['GET', `${SLOT}/basicPublishingCredentialsPolicies`, withSlot(listPolicies)],
  ['GET', `${SLOT}/basicPublishingCredentialsPolicies/scm`, withSlot(showPolicy('scm'))],
  ['PUT', `${SLOT}/basicPublishingCredentialsPolicies/scm`, withSlot(updatePolicy('scm'))],
  ['GET', `${SLOT}/basicPublishingCredentialsPolicies/ftp`, withSlot(showPolicy('ftp'))],
  ['PUT', `${SLOT}/basicPublishingCredentialsPolicies/ftp`, withSlot(updatePolicy('ftp'))],
  ['GET PUT PATCH DELETE', `${SLOT}/networkConfig/virtualNetwork`, withSlot(networkIntegration)],
  ['GET', `${SLOT}/hostNameBindings`, withSlot(listBindings)],
  ['POST', `${SLOT}/config/publishingcredentials/list`, withSlot(listCredentials)],
  ['POST', `${SLOT}/publishxml`, withSlot(publishXml)],
  ['GET', `${SLOT}/config/logs`, withSlot(showLogs)],
  ['PUT', `${SLOT}/config/logs`, withSlot(updateLogs)],
  ['GET', `${SLOT}/instances`, withSlot(listInstances)],
  ['GET', `${SLOT}/instances/{instance}/processes`, withSlot(listProcesses)],
  ['GET', `${SLOT}/backups`, withSlot(listNone)],
  ['GET', 'Microsoft.Web/certificates', listNone],
  ['GET', `${SLOT}/continuouswebjobs`, withSlot(listArmJobs('continuous'))],
  ['GET', `${SLOT}/continuouswebjobs/{job}`, withSlot(showArmJob('continuous'))],
  ['POST', `${SLOT}/continuouswebjobs/{job}/start`, withSlot(switchArmJob(true))],
  ['POST', `${SLOT}/continuouswebjobs/{job}/stop`, withSlot(switchArmJob(false))],
  ['GET', `${SLOT}/triggeredwebjobs`, withSlot(listArmJobs('triggered'))],
  ['GET', `${SLOT}/triggeredwebjobs/{job}`, withSlot(showArmJob('triggered'))],
  ['GET', `${SLOT}/privateEndpointConnections`, withSlot(listPrivateEndpoints)],
  ['GET', `${SLOT}/virtualNetworkConnections`, withSlot(listNetworkConnections)],

  ['GET', 'Microsoft.Sql/servers', listServers],
  ['GET', SERVER, withServer(showServer)],
  ['GET PUT PATCH DELETE', `${SERVER}/providers/${TAGS}`, withServer(serverTags)],
  ['GET', `${SERVER}/elasticPools`, withServer(listPools)],
  ['GET', `${SERVER}/elasticPools/{pool}`, withServer(showPool)],
  ['GET', `${SERVER}/failoverGroups`, withServer(listFailoverGroups)],
  ['GET', `${SERVER}/dnsAliases`, withServer(listAliases)],
  ['GET', `${SERVER}/usages`, withServer(listServerUsages)],
  ['GET', `${SERVER}/administrators`, withServer(listAdministrators)],
  ['GET', `${SERVER}/firewallRules`, withServer(listRules)],
  ['GET', `${SERVER}/firewallRules/{rule}`, withServer(showRule)],
  ['PUT', `${SERVER}/firewallRules/{rule}`, withServer(putRule)],
  ['DELETE', `${SERVER}/firewallRules/{rule}`, withServer(deleteRule)],
  ['GET', `${SERVER}/databases`, withServer(listDatabases)],
  ['GET', DATABASE, withServer(showDatabase)],
  ['PUT', DATABASE, withServer(putDatabase)],
  ['PATCH', DATABASE, withDatabase(patchDatabase)],
  ['DELETE', DATABASE, withServer(dropDatabase)],
  ['POST', `${DATABASE}/move`, withDatabase(moveDatabase)],
  ['GET PUT PATCH DELETE', `${DATABASE}/providers/${TAGS}`, withDatabase(databaseTags)],
  ['GET', `${DATABASE}/usages`, withDatabase(listDatabaseUsages)],
  ['GET', `${DATABASE}/transparentDataEncryption/current`, withDatabase(showEncryption)],
  ['GET', `${DATABASE}/operations`, withDatabase(listOperations)],
  ['POST', `${DATABASE}/operations/{operation}/cancel`, withDatabase(cancelOperation)],
  ['GET', `${DATABASE}/replicationLinks`, withDatabase(listLinks)],
  ['GET', `${DATABASE}/auditingSettings[/{name}]`, withDatabase(showAuditing)],
  ['GET', `${DATABASE}/backupShortTermRetentionPolicies[/{name}]`, withDatabase(showShortTerm)],
  ['PUT PATCH', `${DATABASE}/backupShortTermRetentionPolicies/{name}`, withDatabase(updateShortTerm)],
  ['GET', `${DATABASE}/backupLongTermRetentionPolicies[/{name}]`, withDatabase(showLongTerm)],
  ['PUT', `${DATABASE}/backupLongTermRetentionPolicies/{name}`, withDatabase(replaceLongTerm)],
  ['GET', `${LOCATION}/databaseAzureAsyncOperation/{operation}`, pollState],
  ['GET', `${LOCATION}/shortTermRetentionPolicyAzureAsyncOperation/{operation}`, pollState],
  ['GET', `${LOCATION}/databaseOperationResults/{operation}`, pollResult],
];

const find = router(routes);
const BELOW = /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/providers\//i;

/** What answers a request; undefined when it is not modelled. */
export function findRoute(method: string, path: string): Found<ArmCall> | undefined {
  const key = `${method} ${path}`;
  let found = known.get(key);
  if (found === undefined && !known.has(key)) {
    found = find(method, path.replace(BELOW, ''));
    known.set(key, found);
  }
  return found;
}

/** The same few hundred are asked for a million times in one sweep. */
const known = new Map<string, Found<ArmCall> | undefined>();
