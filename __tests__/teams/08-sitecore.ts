import { EPOCH } from '../../simulator/model/create-world.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import type { Parts } from '../in-process/zoo.ts';
import { anew, connectionTo, LIVE, succeeds, type Team } from './team.ts';

const NAMES = ['core', 'master', 'web'];
const strings = Object.fromEntries(NAMES.map((name) => [name, connectionTo(`sc-${name}`)]));
/** .NET Framework: what lies in App_Config, unless App Service has a connection string of that name. */
const brings = { from: 'web.config', strings } as const;

function world(parts: Parts): void {
  for (const name of ['cd', 'si']) {
    addNeighbour(parts.world, { name, build: { ...LIVE, brings } }, EPOCH).occupant.connectionStrings = {};
  }
  parts.production.occupant.connectionStrings = {};
  anew(parts);
}

export const team: Team = {
  nr: 8,
  name: 'Atlas Insurance',
  has: 'Sitecore XM on Windows: content management, delivery and identity are three apps on core, master and web, with their strings in App_Config; Web Deploy; items pushed into the running management',
  from: 'azd',
  world: {
    kind: { brings },
    options: { databases: NAMES.map((name) => `sc-${name}`) },
    run: succeeds,
    arrange: world,
  },
  writes: {
    'sql-server': 'sql',
    databases: 'sc-core,sc-master,sc-web',
    'clone-connection-settings': NAMES.map(
      (name) => `connection-string:${name}:SQLAzure=${connectionTo(`{{clone-database:sc-${name}}}`)}`,
    ).join('\n'),
    'other-apps': 'cd = cd.zip\nsi = si.zip',
    'after-start-command': 'dotnet sitecore ser push --environment "$ZDD_CANDIDATE_URL"',
    'after-start-env': 'SITECORE_KEY=Key-Of-Sitecore-1',
  },
};
