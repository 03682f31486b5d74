import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import type { Team } from './team.ts';

export const team: Team = {
  nr: 4,
  name: 'Maple Museum',
  has: 'Umbraco 13 on Linux, media in blobs; slot `staging` swaps by itself once it is healthy',
  from: 'GitHub',
  world: {
    options: { linux: true },
    arrange({ world, site }) {
      addSlot(world, site, 'staging', EPOCH).fixedConfig = { autoSwapSlotName: 'production' };
    },
  },
  writes: { profile: 'umbraco', 'pause-auto-swap': 'staging' },
};
