import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { connectionTo, type Team } from './team.ts';

export const team: Team = {
  nr: 1,
  name: 'Fjord Outdoor',
  has: 'Episerver 11 on Windows; slot `preprod` on the same database, warmed and swapped; deploys twice in a row',
  from: 'Azure DevOps',
  world: {
    options: { connectionStringName: 'EPiServerDB' },
    arrange({ world, site }) {
      const preprod = addSlot(world, site, 'preprod', EPOCH);
      preprod.occupant.connectionStrings.EPiServerDB = { value: connectionTo('shop'), type: 'SQLAzure' };
    },
  },
  writes: { profile: 'optimizely-cms11' },
};
