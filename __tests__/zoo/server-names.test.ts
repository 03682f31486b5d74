import { expect, test } from '@jest/globals';
import { putSecret } from '../../simulator/model/vault/references.ts';
import { PASSWORD } from '../in-process/trial.ts';
import { deploy, type Parts, type Zoo } from '../in-process/zoo.ts';

const SIGN_IN = `Database=shop;User ID=zddadmin;Password=${PASSWORD};Encrypt=True`;
const OWN = `Server=tcp:sql.database.windows.net,1433;${SIGN_IN}`;
const REFERENCE = '@Microsoft.KeyVault(VaultName=v;SecretName=shop)';

/** Production's connection strings, and what is arranged besides. */
function strings(values: Readonly<Record<string, string>>, arrange?: (parts: Parts) => void): Zoo {
  return {
    kind: { connectsBy: Object.keys(values).filter((name) => name !== 'DefaultConnection') },
    arrange: (parts) => {
      arrange?.(parts);
      const { occupant } = parts.production;
      for (const [name, value] of Object.entries(values))
        occupant.connectionStrings[name] = { value, type: 'SQLAzure' };
    },
  };
}

/** Production's app settings. */
function settings(values: Readonly<Record<string, string>>): Zoo {
  return {
    kind: { connectsBy: Object.keys(values) },
    arrange: ({ world, production }) => {
      putSecret(world, 'v/shop', OWN).readers = [];
      production.occupant.settings = { ...production.occupant.settings, ...values };
    },
  };
}

const aliased = ({ server }: Parts) => void server.dnsAliases.push('shops');
const listened = ({ server }: Parts) => {
  const partnerServerId = '/subscriptions/s/servers/other';
  server.failoverGroups.everywhere = { name: 'everywhere', partnerServerId, databases: [] };
};
const privateLink = `Server=sql.privatelink.database.windows.net;TrustServerCertificate=True;${SIGN_IN}`;
const alias = `Server=tcp:shops.database.windows.net,1433;${SIGN_IN}`;

test.each<[string, Zoo]>([
  ['a DNS alias', strings({ DefaultConnection: alias }, aliased)],
  ['the name of its private link', strings({ DefaultConnection: privateLink })],
  [
    'the listener of a failover group',
    strings({ DefaultConnection: `Server=tcp:everywhere.database.windows.net,1433;${SIGN_IN}` }, listened),
  ],
  ['its bare name', strings({ DefaultConnection: `Server=sql;${SIGN_IN}` })],
  ['its own name and an alias', strings({ DefaultConnection: OWN, Reports: alias }, aliased)],
  ['an alias and the name of its private link', strings({ DefaultConnection: alias, Reports: privateLink }, aliased)],
])('a server that production knows by %s is the same server', async (_, zoo) => {
  const { ended, visitors } = await deploy(zoo);
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test('the action signs in at the server’s own name, which its certificate carries, and the app keeps port and name of its own', async () => {
  const seen = new Set<string>();
  const own = `Server=tcp:sql.privatelink.database.windows.net,3342;TrustServerCertificate=True;${SIGN_IN}`;
  const copies: string[] = [];
  const { ended } = await deploy({
    ...strings({ DefaultConnection: own }),
    around: (ports) => ({
      ...ports,
      sql: {
        connect: (target) => {
          seen.add(target.host);
          return ports.sql.connect(target);
        },
      },
    }),
    before: {
      deploy: ({ production }) => copies.push(production.occupant.connectionStrings.DefaultConnection?.value ?? ''),
    },
  });
  expect([ended, ...seen]).toEqual(['deployed', 'sql.database.windows.net']);
  expect(copies).toEqual([
    expect.stringMatching(/^Server=tcp:sql\.privatelink\.database\.windows\.net,3342;.*Database=shop-zdd-/),
  ]);
});

test.each(['SPRING_DATASOURCE_URL', 'SHOP_DB', 'JDBC_URL', 'DB_HOST', 'Hangfire__Storage', 'Whatever'])(
  'a reference whose meaning is unknown is asked about, whatever its name: %s',
  async (name) => {
    const { ended } = await deploy(settings({ [name]: REFERENCE }));
    expect(ended).toMatch(new RegExp(`^refused by preflight: .*${name}`, 's'));
  },
);

test('a reference that is said to lead to no original is kept as it is', async () => {
  const zoo = { ...settings({ Whatever: REFERENCE }), kind: {} };
  const { ended, trial } = await deploy({ ...zoo, inputs: { 'clone-connection-settings': 'Whatever={{unchanged}}' } });
  expect(ended).toBe('deployed');
  expect(Object.values(trial.world.web.sites)[0]?.slots.production?.occupant.settings.Whatever).toBe(REFERENCE);
});

test('a reference whose name says that it is a secret goes along, and is told', async () => {
  const { ended, said } = await deploy({ ...settings({ Stripe__SecretKey: REFERENCE }), kind: {} });
  expect(ended).toBe('deployed');
  expect(said).toMatch(/Stripe__SecretKey: references? .*taken for secrets/);
});

test('saying that a setting is unchanged does not leave the copy on an original', async () => {
  const { ended, visitors } = await deploy({
    inputs: { 'clone-connection-settings': 'DefaultConnection={{unchanged}}' },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
});

test.each<[string, string]>([
  ['JSON', `{"connectionString":"${privateLink}"}`],
  ['Base64', Buffer.from(OWN).toString('base64')],
  ['a URL', `https://logs.example/?to=${encodeURIComponent(OWN)}`],
])('a string inside %s that names the server is asked about', async (_, value) => {
  const { ended } = await deploy({ ...settings({ Serilog__Sinks: value }), kind: {} });
  expect(ended).toMatch(/^refused by preflight: .*Serilog__Sinks/s);
});

test('a host apart, by its bare name, is asked about', async () => {
  const { ended } = await deploy({ ...settings({ DBHOST: 'sql', DBNAME: 'shop' }), kind: {} });
  expect(ended).toMatch(/^refused by preflight: .*DBHOST/s);
});

test('a database that is called as an original, on a server that nobody knows, may be the original', async () => {
  const unknown = `Server=db.contoso.com;${SIGN_IN}`;
  const { ended } = await deploy({
    ...strings({ DefaultConnection: OWN, Reports: unknown }),
    inputs: { 'sql-server': 'sql', databases: 'shop' },
  });
  expect(ended).toMatch(/^refused by preflight: .*Reports/s);
});

test('a server that asks for TLS 1.3 gets it, and preflight says so', async () => {
  const { ended, said } = await deploy({
    arrange: ({ server }) => Object.assign(server, { minimalTlsVersion: '1.3' }),
  });
  expect(ended).toBe('deployed');
  expect(said).toMatch(/TLS 1\.3/);
});
