import type { Ready } from '../../simulator/adapters/options.ts';

/** One command and what must come of it. */
export interface Command {
  readonly az: string;
  /** What the output, or the error, must contain; default: it ends with 0. */
  readonly shows?: RegExp;
  /** Azure refuses it: the CLI must end with another code than 0. */
  readonly fails?: true;
  /** It runs until it is stopped: so many seconds. */
  readonly stopAfter?: number;
}

type Facts = Ready & { readonly now: string };

/** What the deployer, with the role of README.md and what the CLI needs beside it, does in a day. */
export function deployersDay(facts: Facts): readonly Command[] {
  const app = `-g ${facts.resourceGroup} -n ${facts.appName}`;
  const slot = `${app} --slot byhand`;
  return [
    { az: 'account show', shows: /"name": "Simulated subscription"/ },
    { az: 'group list', shows: /"name": "shop-rg"/ },
    { az: 'webapp list', shows: /"name": "shop"/ },
    { az: `resource list -g ${facts.resourceGroup}`, shows: /"type": "Microsoft.Web\/sites"/ },
    { az: `webapp show ${app}`, shows: /"state": "Running"/ },
    { az: 'ad app create --display-name mine', fails: true, shows: /Insufficient privileges|permission is needed/ },
    { az: `webapp deployment slot create ${slot} --configuration-source ${facts.appName}`, shows: /"name": "byhand"/ },
    { az: `webapp deployment slot list ${app}`, shows: /"name": "byhand"/ },
    { az: `webapp config appsettings set ${slot} --settings COLOUR=green --slot-settings STAY=slot` },
    { az: `webapp config appsettings list ${slot}`, shows: /"COLOUR"[\s\S]*"STAY"[\s\S]*"slotSetting": true/ },
    { az: `webapp config connection-string set ${slot} -t SQLAzure --settings Extra=Server=x`, shows: /"Extra"/ },
    { az: `webapp config connection-string delete ${slot} --setting-names Extra` },
    { az: `webapp config set ${slot} --always-on true --ftps-state Disabled`, shows: /"alwaysOn": true/ },
    { az: `webapp config show ${slot}`, shows: /"ftpsState": "Disabled"/ },
    { az: `webapp deployment source config-zip ${slot} --src app.zip`, shows: /"status": 4/ },
    { az: `webapp deploy ${slot} --src-path app.zip --type zip` },
    { az: `webapp log deployment list ${slot}`, shows: /"deployer"/ },
    { az: `webapp log deployment show ${slot}`, shows: /Deployment successful/ },
    { az: `webapp log tail ${slot}`, shows: /connected to log-streaming/, stopAfter: 5 },
    { az: `webapp deployment list-publishing-profiles ${slot}`, shows: /"publishMethod": "ZipDeploy"/ },
    { az: `webapp deployment list-publishing-credentials ${slot}`, shows: /"publishingUserName": "\$shop__byhand"/ },
    { az: `webapp webjob continuous list ${app}`, shows: /"web_job_type": "Continuous"|"webJobType": "Continuous"/ },
    { az: `webapp webjob continuous stop ${app} -w ${WEB_JOB}`, shows: /"status": "Stopped"/ },
    { az: `webapp webjob continuous start ${app} -w ${WEB_JOB}`, shows: /"status": "Running"/ },
    { az: `webapp webjob triggered list ${app}` },
    { az: `webapp traffic-routing set ${app} --distribution byhand=25`, shows: /"actionHostName": "shop-byhand\./ },
    { az: `webapp traffic-routing show ${app}`, shows: /"reroutePercentage": 25/ },
    { az: `webapp traffic-routing clear ${app}` },
    { az: `webapp deployment slot swap ${slot} --action preview` },
    { az: `webapp show ${app}`, shows: /"targetSwapSlot": "byhand"/ },
    { az: `webapp deployment slot swap ${slot} --action reset` },
    { az: `webapp deployment slot swap ${slot} --target-slot production` },
    { az: `webapp config appsettings list ${app}`, shows: /"COLOUR"/ },
    { az: `webapp deployment slot swap ${slot} --target-slot production` },
    { az: `webapp stop ${slot}` },
    { az: `webapp show ${slot}`, shows: /"state": "Stopped"/ },
    { az: `webapp start ${slot}` },
    { az: `webapp restart ${slot}` },
    { az: `webapp list-instances ${app}`, shows: /"state": "READY"/ },
    { az: `webapp log config ${slot} --application-logging filesystem` },
    ...databaseCommands(facts),
    { az: `webapp deployment slot delete ${slot}` },
    { az: `webapp show ${slot}`, fails: true, shows: /ResourceNotFound|not found/ },
  ];
}

/** The continuous WebJob of the sample shop. */
const WEB_JOB = 'stock';

function databaseCommands(facts: Facts): readonly Command[] {
  const server = `-g ${facts.resourceGroup} -s ${facts.sqlServer}`;
  const database = `${server} -n ${facts.database}`;
  return [
    { az: `sql server show -g ${facts.resourceGroup} -n ${facts.sqlServer}`, shows: /"location": "westeurope"/ },
    { az: `sql server list-usages -g ${facts.resourceGroup} -n ${facts.sqlServer}`, shows: /DTU/i },
    { az: `sql db list-usages ${database}`, shows: /database_size/ },
    { az: `sql db copy ${database} --dest-name copied`, shows: /"status": "Online"/ },
    { az: `sql db restore ${database} --dest-name restored --time ${facts.now}`, shows: /"status": "Online"/ },
    { az: `sql db rename ${server} -n restored --new-name renamed`, shows: /"name": "renamed"/ },
    { az: `sql db rename ${server} -n renamed --new-name copied`, fails: true, shows: /already|InUse|exists/i },
    { az: `sql db update ${server} -n copied --service-objective S1`, shows: /"currentServiceObjectiveName": "S1"/ },
    { az: `sql db op list ${server} -d copied`, shows: /"operation": "CreateDatabaseAsCopy"/ },
    { az: `sql db list ${server}`, shows: /"name": "renamed"/ },
    { az: `sql db delete ${server} -n renamed --yes` },
    { az: `sql db delete ${server} -n copied --yes` },
    { az: `sql db show ${server} -n copied`, fails: true, shows: /ResourceNotFound|not found/ },
  ];
}

/** What takes an owner of the subscription: locks, roles, a new database, basic authentication. */
export function operatorsDay(facts: Facts): readonly Command[] {
  const group = `/subscriptions/${facts.subscriptionId}/resourceGroups/${facts.resourceGroup}`;
  const server = `-g ${facts.resourceGroup} -s ${facts.sqlServer}`;
  const policy = `--namespace Microsoft.Web --resource-type basicPublishingCredentialsPolicies --parent sites/${facts.appName}`;
  const site = `-g ${facts.resourceGroup} -n ${facts.appName}`;
  const deployer = '22222222-2222-4222-8222-222222222222';
  const role = { Name: 'Looker', AssignableScopes: [group], Actions: ['Microsoft.Web/sites/read'] };
  const newAssignment = `role assignment create --assignee-object-id ${deployer} --assignee-principal-type ServicePrincipal --scope ${group}`;
  const credential = { name: 'zdd', subject: 'repo:a/b:environment:zdd', issuer: 'https://i', audiences: ['api://a'] };
  return [
    { az: `resource show ${site} --resource-type Microsoft.Web/sites`, shows: /"kind": "app"/ },
    { az: `appservice plan show -g ${facts.resourceGroup} -n plan`, shows: /"tier": "Standard"/ },
    { az: `lock create -g ${facts.resourceGroup} -n keep --lock-type CanNotDelete`, shows: /"level": "CanNotDelete"/ },
    { az: `lock list -g ${facts.resourceGroup}`, shows: /"name": "keep"/ },
    { az: `sql db create ${server} -n fresh --service-objective S0`, shows: /"currentServiceObjectiveName": "S0"/ },
    { az: `sql db delete ${server} -n fresh --yes`, fails: true, shows: /ScopeLocked/ },
    { az: `lock delete -g ${facts.resourceGroup} -n keep` },
    { az: `sql db delete ${server} -n fresh --yes` },
    { az: `sql db tde show ${server} -d ${facts.database}`, shows: /"state": "Enabled"/ },
    { az: `sql server ad-admin list ${server}`, shows: /"login": "deployer"/ },
    { az: `${newAssignment} --role Reader`, shows: /"principalType": "ServicePrincipal"/ },
    { az: `role definition create --role-definition ${JSON.stringify(role)}`, shows: /"roleName": "Looker"/ },
    {
      az: `role definition create --role-definition ${JSON.stringify(role)}`,
      fails: true,
      shows: /WithSameNameExists|same name/,
    },
    { az: `${newAssignment} --role Looker`, shows: /"scope": / },
    {
      az: `role assignment list --assignee ${facts.clientId} --scope ${group}`,
      shows: /"roleDefinitionName": "Reader"[\s\S]*"roleDefinitionName": "Looker"/,
    },
    { az: `role assignment delete --assignee ${facts.clientId} --role Reader --scope ${group}` },
    { az: `role assignment delete --assignee ${facts.clientId} --role Looker --scope ${group}` },
    { az: 'ad app create --display-name by-hand', shows: /"appId": / },
    { az: 'ad app list --display-name by-hand', shows: /"displayName": "by-hand"/ },
    { az: `ad sp show --id ${facts.clientId}`, shows: /"servicePrincipalType": "Application"/ },
    {
      az: `ad app federated-credential create --id ${deployer} --parameters ${JSON.stringify(credential)}`,
      fails: true,
      shows: /does not exist/,
    },
    {
      az: `resource update -g ${facts.resourceGroup} -n scm ${policy} --set properties.allow=false`,
      shows: /"allow": false/,
    },
    { az: `webapp log deployment list ${site}`, fails: true, shows: /401/ },
    {
      az: `resource update -g ${facts.resourceGroup} -n scm ${policy} --set properties.allow=true`,
      shows: /"allow": true/,
    },
    { az: `webapp log deployment list ${site}` },
    {
      az: `rest --method get --url ${group}/providers/Microsoft.Web/sites/shop?api-version=1999-01-01`,
      fails: true,
      shows: /NoRegisteredProviderFound/,
    },
  ];
}
