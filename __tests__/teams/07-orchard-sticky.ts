import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { anew, connectionTo, type Team } from './team.ts';

export const team: Team = {
  nr: 7,
  name: 'Quill Press',
  has: 'Orchard Core on Windows S1, one tenant; a slot setting keeps `staging` on a database of its own; files in `App_Data`',
  from: 'GitHub',
  world: {
    kind: { connectsBy: ['OrchardCore__ConnectionString'], keepsUploadsIn: 'App_Data' },
    arrange(parts) {
      const { world, site, production } = parts;
      production.occupant.connectionStrings = {};
      production.occupant.settings.OrchardCore__ConnectionString = connectionTo('shop');
      const staging = addSlot(world, site, 'staging', EPOCH);
      staging.occupant.settings.OrchardCore__ConnectionString = connectionTo('shop-staging');
      site.slotConfigNames.appSettingNames = ['OrchardCore__ConnectionString'];
      anew(parts);
    },
  },
  writes: { 'keep-files': 'App_Data/', 'release-slot-settings': 'OrchardCore__ConnectionString' },
};
