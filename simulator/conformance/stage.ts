import { readFile } from 'node:fs/promises';
import { connectionStringOf } from '../demo/read-database.ts';
import type { Looked, Shop, ShopAzure } from '../demo/shop-azure.ts';
import { buildPackages } from '../sample-app/packages.ts';
import { parseConnectionString } from '../sample-app/shop/connection-string.ts';
import { openDatabase } from '../sample-app/shop/database.ts';
import { type Azure, type Json, SQL } from './azure.ts';
import { LINUX, letThisMachineIn, makePlace, type Place, removePlace, type Spot, shutThisMachineOut } from './place.ts';

/** Where Azure is, and who deploys there. */
export type Whereabouts = Pick<
  Shop,
  'resourceManager' | 'authority' | 'caFile' | 'tenantId' | 'subscriptionId' | 'deployer' | 'secrets' | 'sqlPort'
>;

const RUNTIME = 'NODE|22-lts';

/**
 * Opens the demo's shop in a resource group of its own: version 1 on a database with its first rows. Removed with all
 * that a deployment made of it when it is closed.
 */
export async function openStage(azure: Azure, at: Whereabouts, spot: Spot): Promise<ShopAzure> {
  const place = await makePlace(azure, spot, LINUX);
  try {
    return stageAt(azure, place, await openShopAt(azure, at, place));
  } catch (error) {
    await removePlace(azure, place);
    throw error;
  }
}

function stageAt(azure: Azure, place: Place, shop: Shop): ShopAzure {
  return {
    shop,
    async look() {
      const looked: Looked = { leftovers: await leftoversAt(azure, place), unmodelled: [], stalls: [] };
      await letThisMachineIn(azure, place);
      return looked;
    },
    stop: () => removePlace(azure, place),
  };
}

async function openShopAt(azure: Azure, at: Whereabouts, place: Place): Promise<Shop> {
  const { site, server } = place;
  const production = part((await azure.ask('GET', site)).body);
  const shop: Shop = {
    ...at,
    resourceGroup: place.group.split('/').at(-1) ?? '',
    appName: site.split('/').at(-1) ?? '',
    sqlHost: String(part((await azure.ask('GET', server, undefined, SQL)).body).fullyQualifiedDomainName),
    ...place.login,
    secrets: { ...at.secrets, ZDD_SQL_ACCESS: `User ID=${place.login.sqlUser};Password="${place.login.sqlPassword}"` },
    database: place.database.split('/').at(-1) ?? '',
    productionUrl: `https://${production.defaultHostName}`,
  };
  const connection = { type: 'SQLAzure', value: connectionStringOf(shop, shop.database) };
  await wanted(azure.ask('PUT', `${site}/config/connectionstrings`, { properties: { Shop: connection } }));
  await wanted(azure.ask('PUT', `${site}/config/appsettings`, { properties: { HOST: '0.0.0.0' } }));
  await wanted(azure.ask('PATCH', `${site}/config/web`, { properties: { linuxFxVersion: RUNTIME, alwaysOn: true } }));
  await letThisMachineIn(azure, place);
  await seed(azure, shop);
  await shutThisMachineOut(azure, place);
  await upload(azure, production);
  await azure.until(
    () => azure.visit(`${shop.productionUrl}/health`),
    ({ status }) => status === 200,
  );
  return shop;
}

async function seed(azure: Azure, shop: Shop): Promise<void> {
  const statements = await readFile(new URL('../sample-app/seed.sql', import.meta.url), 'utf8');
  const database = openDatabase(parseConnectionString(connectionStringOf(shop, shop.database)), 'zdd conformance', 1);
  try {
    // A firewall rule takes a while: https://learn.microsoft.com/azure/azure-sql/database/firewall-configure
    await azure.patiently(() => database.query('SELECT 1 AS One'));
    for (const statement of statements.split('\n')) if (statement.trim() !== '') await database.query(statement);
  } finally {
    database.close();
  }
}

async function upload(azure: Azure, production: Json): Promise<void> {
  const hosts = (production.hostNameSslStates ?? []) as readonly { name: string; hostType: string }[];
  const scm = `https://${hosts.find(({ hostType }) => hostType === 'Repository')?.name}`;
  await wanted(azure.scm('POST', `${scm}/api/publish?type=zip&async=true`, (await buildPackages()).v1));
  await azure.until(
    () => azure.scm('GET', `${scm}/api/deployments/latest`),
    ({ body }) => body.complete === true,
  );
}

/** Databases and rules of ours, and slots of ours that could still do something. */
async function leftoversAt(azure: Azure, { site, server }: Place): Promise<string[]> {
  const list = async (at: string, version?: string) =>
    ((await azure.ask('GET', at, undefined, version)).body.value ?? []) as readonly Json[];
  const [databases, rules, slots] = await Promise.all([
    list(`${server}/databases`, SQL),
    list(`${server}/firewallRules`, SQL),
    list(`${site}/slots`),
  ]);
  const isLeft = ({ name, tags }: Json) => /-zdd-/.test(String(name)) || Object.keys(tags ?? {}).some(isOurs);
  const running = slots.filter((slot) => part(slot).state !== 'Stopped');
  const armed = await Promise.all(
    slots.map(async (slot) => {
      const at = `${site}/slots/${String(slot.name).split('/').at(-1)}`;
      const { body } = await azure.ask('POST', `${at}/config/connectionstrings/list`);
      return Object.keys(part(body)).length > 0 ? [`armed slot ${slot.name}`] : [];
    }),
  );
  return [
    ...databases.filter(isLeft).map(({ name }) => `database ${name}`),
    ...rules.filter(({ name }) => isOurs(String(name))).map(({ name }) => `firewall rule ${name}`),
    ...running.map(({ name }) => `running slot ${name}`),
    ...armed.flat(),
  ];
}

function isOurs(name: string): boolean {
  return /^zdd\b/i.test(name);
}

async function wanted(asked: ReturnType<Azure['ask']>): Promise<void> {
  const { status, text } = await asked;
  if (status >= 300) throw new Error(`Azure refused what the shop needs: ${status} ${text}`);
}

function part(body: Json): Json {
  return (body.properties ?? {}) as Json;
}
