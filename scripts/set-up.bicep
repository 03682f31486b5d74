// The Azure part of the set-up of zdd-action for those who describe theirs in Bicep: a user-assigned identity that trusts the
// jobs of an environment of a repository, the role that it needs, and that role at this resource group. Deploy it at the resource
// group of the app; for a server, a plan or an app in another one, use the outputs and assign the role there, too.
targetScope = 'resourceGroup'

@description('Name of the identity.')
param name string = 'zdd'

@description('<owner>/<repository>')
param repository string

@description('The subject of a repository with its ids, as newer ones have it: repo:<owner>@<id>/<repository>@<id>. Empty: only the one above.')
param immutableSubject string = ''

@description('Environments whose jobs may sign in: the one of every job that talks to Azure, and no other.')
param environments array = [
  'zdd'
]

param location string = resourceGroup().location

var subjects = concat(['repo:${repository}'], empty(immutableSubject) ? [] : [immutableSubject])
var credentials = flatten(map(environments, environment => map(range(0, length(subjects)), i => {
  name: i == 0 ? environment : '${environment}-immutable'
  subject: '${subjects[i]}:environment:${environment}'
})))

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

// One after another: Azure refuses two at a time.
@batchSize(1)
resource trusted 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [for each in credentials: {
  parent: identity
  name: each.name
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: each.subject
    audiences: ['api://AzureADTokenExchange']
  }
}]

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'zero-downtime deployer')
  properties: {
    roleName: 'Zero-downtime deployer (${resourceGroup().name})'
    type: 'CustomRole'
    description: 'What zdd-action needs, and nothing more.'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: [
          // role:begin (npm run readme)
          'Microsoft.Web/sites/read'
          'Microsoft.Web/sites/config/read'
          'Microsoft.Web/sites/config/list/*'
          'Microsoft.Web/sites/slots/*'
          'Microsoft.Web/sites/publish/action'
          'Microsoft.Resources/tags/*'
          'Microsoft.Web/sites/slotsswap/action'
          'Microsoft.Web/sites/operationresults/read'
          'Microsoft.Web/sites/instances/read'
          'Microsoft.Web/sites/instances/processes/read'
          'Microsoft.Web/serverfarms/read'
          'Microsoft.Web/serverfarms/join/action'
          'Microsoft.Sql/servers/read'
          'Microsoft.Sql/servers/databases/read'
          'Microsoft.Sql/servers/dnsAliases/read'
          'Microsoft.Sql/servers/elasticPools/read'
          'Microsoft.Sql/servers/failoverGroups/read'
          'Microsoft.Sql/servers/databases/replicationLinks/read'
          'Microsoft.Sql/servers/databases/write'
          'Microsoft.Sql/servers/databases/operations/read'
          'Microsoft.Sql/servers/databases/delete'
          'Microsoft.Sql/servers/databases/move/action'
          'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/write'
          'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/read'
          'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/write'
          'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read'
          'Microsoft.Sql/servers/firewallRules/read'
          'Microsoft.Sql/servers/firewallRules/write'
          'Microsoft.Sql/servers/firewallRules/delete'
          'Microsoft.Storage/storageAccounts/read'
          'Microsoft.Storage/storageAccounts/blobServices/read'
          'Microsoft.Authorization/roleAssignments/read'
          'Microsoft.Authorization/locks/read'
          // role:end
        ]
        notActions: []
      }
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, identity.id, role.id)
  properties: {
    roleDefinitionId: role.id
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

@description('For the variable AZURE_CLIENT_ID, or the input client-id.')
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
output roleDefinitionId string = role.id
