import { expect, test } from '@jest/globals';
import { PASSWORD } from '../in-process/trial.ts';
import { deploy, type Parts, signsInByIdentity } from '../in-process/zoo.ts';

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
      signsInByIdentity(parts);
    },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

function replicated({ server }: Parts): void {
  const link = { name: 'l1', partnerServer: 'sql-west', partnerDatabase: 'shop', partnerLocation: 'westus' };
  server.databases.shop?.replicationLinks.push(link);
}
