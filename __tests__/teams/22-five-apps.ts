import { EPOCH } from '../../simulator/model/create-world.ts';
import { end } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { beside, succeeds, type Team, withIdToken } from './team.ts';

const OTHERS = ['auth', 'admin', 'realtime'];

export const team: Team = {
  nr: 22,
  name: 'Cargo Compass',
  has: 'ABP on Linux: API, sign-in, administration and realtime on one database; a migrator app is started for the migration and stopped',
  from: 'GitHub',
  world: {
    options: { linux: true },
    run: succeeds,
    ...withIdToken,
    arrange(parts) {
      beside(parts, ...OTHERS, 'migrator');
      const migrator = slotOf(parts.world, 'migrator', 'production');
      migrator.state = 'Stopped';
      end(parts.world, migrator, EPOCH);
    },
  },
  writes: {
    'other-apps': [...OTHERS.map((name) => `${name} = ${name}.zip`), 'migrator = stop'].join('\n'),
    'commands-sign-in': 'true',
    'migrate-command':
      'az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" --federated-token "$ZDD_ID_TOKEN" && az webapp start --resource-group rg --name migrator && curl -fsS --retry 60 --retry-all-errors https://migrator.example/done && az webapp stop --resource-group rg --name migrator',
  },
};
