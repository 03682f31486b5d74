import { connectionTo, succeeds, type Team } from './team.ts';

export const team: Team = {
  nr: 6,
  name: 'Tern Travel',
  has: 'Umbraco 8 with Umbraco Deploy on Windows; string in web.config; after the start a request makes the site extract its schema',
  from: 'Azure DevOps',
  world: {
    kind: { brings: { from: 'web.config', strings: { umbracoDbDSN: connectionTo('shop') } } },
    run: succeeds,
    arrange({ production }) {
      production.occupant.connectionStrings = {};
    },
  },
  writes: {
    profile: 'umbraco',
    'sql-server': 'sql',
    databases: 'shop',
    // By the secret ZDD_CLONE_CONNECTION_SETTINGS: it holds a password.
    'clone-connection-settings': `connection-string:umbracoDbDSN:SQLAzure=${connectionTo('{{clone-database}}')}`,
    'keep-files': 'App_Data/',
    'after-start-command':
      'curl -fsS -X POST -H "Authorization: $DEPLOY_KEY" "$ZDD_CANDIDATE_URL/umbraco/umbracodeploy/extract"',
    'after-start-env': 'DEPLOY_KEY=Key-Of-Deploy-1',
  },
};
