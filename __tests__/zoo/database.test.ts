import { expect, test } from '@jest/globals';
import { signsInByIdentity } from '../../simulator/in-process/signs-in-by-identity.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addDatabase, addServer } from '../../simulator/model/sql/create.ts';
import { PASSWORD } from '../in-process/trial.ts';
import { deploy, open, type Parts } from '../in-process/zoo.ts';

const SIGN_IN = `Database=shop;User ID=zddadmin;Password=${PASSWORD};Encrypt=True`;

/** Production's only connection string. */
const string = (value: string, type = 'SQLAzure') => ({
  arrange: ({ production }: Parts) => {
    production.occupant.connectionStrings.DefaultConnection = { value, type };
  },
});

test.each<[string, (parts: Parts) => void, RegExp]>([
  ['holds a database that is replicated', replicated, /replica/],
  [
    'keeps backups for a day',
    ({ server }) => Object.assign(server.databases.shop ?? {}, { shortTermRetentionDays: 1 }),
    /retention|backup/,
  ],
])('a server that %s: deployed, or preflight says why not', async (_, arrange, words) => {
  const { ended, said } = await deploy({ arrange });
  if (ended === 'deployed') expect(said).toMatch(words);
  else expect(ended).toMatch(new RegExp(`^refused by preflight: .*(${words.source})`, 'is'));
});

test('a server that production knows by its short name is understood, or preflight asks', async () => {
  const { ended } = await deploy(string(`Server=sql;${SIGN_IN}`));
  if (ended !== 'deployed') expect(ended).toMatch(/^refused by preflight: .*(sql-server|name)/s);
});

test('a server that takes Entra’s tokens only is deployed to by them', async () => {
  const { ended, visitors } = await deploy({
    arrange: (parts) => {
      parts.server.entraOnly = true;
      signsInByIdentity(parts.world, parts.site, parts.server, EPOCH);
    },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('no phase after `clone` needs `sql-server` again', async () => {
  const trial = open({
    arrange: ({ world, production }) => {
      const reports = { name: 'reports', resourceGroup: 'rg', administratorLogin: 'zddadmin' };
      addDatabase(world, addServer(world, { ...reports, administratorPassword: PASSWORD }), { name: 'sums' }, EPOCH);
      const value = `Server=tcp:reports.database.windows.net,1433;${SIGN_IN.replace('shop', 'sums')}`;
      production.occupant.connectionStrings.Reports = { value, type: 'SQLAzure' };
    },
  });
  const given = { 'sql-server': 'sql', databases: 'shop' };
  await trial.through(['clone', given], ['read-only', given], 'switch', 'deploy', 'validate', 'complete', 'cleanup');
});

function replicated({ server }: Parts): void {
  const link = { name: 'l1', partnerServer: 'sql-west', partnerDatabase: 'shop', partnerLocation: 'westus' };
  server.databases.shop?.replicationLinks.push(link);
}
