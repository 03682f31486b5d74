import type { Zoo } from '../in-process/zoo.ts';
import { anew, beside, connectionTo, runsFromUrl, succeeds, type Team, urlOf } from './team.ts';

const world: Zoo = {
  options: { databases: ['sc-core', 'sc-master', 'sc-web'], connectionStringName: 'core' },
  next: { migratesOnStart: true },
  run: succeeds,
  arrange(parts) {
    const { production } = parts;
    const names = ['core', 'master', 'web'];
    production.occupant.connectionStrings = Object.fromEntries(
      names.map((name) => [name, { value: connectionTo(`sc-${name}`), type: 'SQLAzure' }]),
    );
    anew(parts);
    beside(parts, 'cd', 'si');
    runsFromUrl(parts, 'web');
    for (const app of ['cd', 'si']) runsFromUrl(parts, app, { migratesOnStart: false });
  },
};

export const team: Team = {
  nr: 8,
  name: 'Atlas Insurance',
  has: 'Sitecore XM on Windows: content management, delivery and identity are three apps on core, master and web; packages at a URL; items pushed into the running management',
  from: 'azd',
  world,
  writes: {
    package: urlOf('web', '2'),
    'other-apps': `cd = ${urlOf('cd', '2')}\nsi = ${urlOf('si', '2')}`,
    'after-start-command': 'dotnet sitecore ser push --environment "$ZDD_CANDIDATE_URL"',
    'after-start-env': 'SITECORE_KEY=Key-Of-Sitecore-1',
  },
  changes: [
    {
      what: 'strings as connection strings of App Service instead of in App_Config, and WEBSITE_RUN_FROM_PACKAGE instead of the MSDeploy extension',
      says: /No connection string of production names an SQL server/,
      before: {
        ...world,
        kind: { brings: { from: 'web.config', strings: { core: connectionTo('sc-core') } } },
        arrange(parts) {
          world.arrange?.(parts);
          parts.production.occupant.connectionStrings = {};
        },
      },
    },
  ],
};
