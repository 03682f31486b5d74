import { expect, test } from '@jest/globals';
import { keepInVault } from '../../simulator/in-process/keep-in-vault.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { putSecret } from '../../simulator/model/vault/references.ts';
import type { Vault } from '../../simulator/model/vault/state.ts';
import { advanceWeb } from '../../simulator/model/web/advance.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { PASSWORD, type Trial } from '../in-process/trial.ts';
import { deploy, open, type Parts, partsOf, type Zoo } from '../in-process/zoo.ts';

const STRING = `Server=tcp:sql.database.windows.net,1433;Database=shop;User ID=zddadmin;Password=${PASSWORD}`;
const CURRENT = '@Microsoft.KeyVault(SecretUri=https://shop-kv.vault.azure.net/secrets/database/)';

/** The app's string is a secret of a vault, which its identity may read, and that of the run as well. */
function inVault(
  reference: (vault: Vault) => string = () => CURRENT,
  change: (vault: Vault, parts: Parts) => void = () => undefined,
) {
  return (parts: Parts): void => {
    const { world, production } = parts;
    production.occupant.connectionStrings = { Shop: { value: STRING, type: 'SQLAzure' } };
    const vault = keepInVault(world, 'Shop', EPOCH);
    putSecret(world, 'shop-kv/cache', 'cache.redis.cache.windows.net:6380,password=Cached-0815,ssl=True');
    production.occupant.connectionStrings.Shop = { value: reference(vault), type: 'SQLAzure' };
    production.occupant.settings.REDIS_CONNECTION_STRING = '@Microsoft.KeyVault(VaultName=shop-kv;SecretName=cache)';
    change(vault, parts);
    restart(world, production, EPOCH);
    advanceWeb(world, EPOCH + world.durations.appStart);
  };
}

test.each<[string, (vault: Vault) => string]>([
  ['by its address', () => CURRENT],
  ['without a slash at the end', () => CURRENT.replace('/)', ')')],
  ['by a version', ({ secrets }) => CURRENT.replace('/)', `/${secrets.database?.[0]?.id})`)],
  ['by names', () => '@Microsoft.KeyVault(VaultName=shop-kv;SecretName=database)'],
  [
    'by names and a version',
    ({ secrets }) =>
      `@Microsoft.KeyVault(VaultName=shop-kv;SecretName=database;SecretVersion=${secrets.database?.[0]?.id})`,
  ],
])('an app whose connection string is a secret, named %s, is deployed without a word', async (_, reference) => {
  const { ended, visitors, said, trial } = await deploy({ arrange: inVault(reference) });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(said).toContain('passed secrets behind references: What REDIS_CONNECTION_STRING and Shop stand for was read');
  expect(everywhere(trial)).not.toContain('Hidden');
});

test('the secret stands in the copy alone, leading to the clone, and the new build keeps the reference', async () => {
  const seen: Record<string, string> = {};
  const look =
    (phase: string) =>
    ({ world, site }: Parts) => {
      const [clone] = Object.keys(Object.values(world.sql.servers)[0]?.databases ?? {}).filter((name) =>
        name.includes('-zdd-'),
      );
      for (const { name, occupant } of Object.values(site.slots)) {
        const shown = occupant.connectionStrings.Shop?.value
          .replace(PASSWORD, '<password>')
          .replace(clone ?? '-', '<clone>');
        seen[`${phase} ${name}`] = `${shown} ${occupant.settings.REDIS_CONNECTION_STRING}`;
      }
    };
  const { ended } = await deploy({
    arrange: inVault(),
    before: { switch: look('switch'), complete: look('complete') },
  });
  expect(ended).toBe('deployed');
  const cache = '@Microsoft.KeyVault(VaultName=shop-kv;SecretName=cache)';
  const redirected = `${STRING.replace(PASSWORD, '<password>').replace('Database=shop', 'Database=<clone>')} ${cache}`;
  expect(seen).toEqual({
    'switch production': `${CURRENT} ${cache}`,
    'switch zdd-readonly': redirected,
    'switch zdd-staging': 'undefined undefined',
    'complete production': redirected,
    'complete zdd-readonly': `${CURRENT} ${cache}`,
    'complete zdd-staging': `${CURRENT} ${cache}`,
  });
});

test('the migration gets the secret, and it is masked before', async () => {
  const masked = new Set<string>();
  const given: Record<string, string> = {};
  const zoo: Zoo = {
    arrange: inVault(),
    inputs: { 'migrate-command': './migrate' },
    around: (ports) => ({ ...ports, log: { ...ports.log, secret: (value) => void masked.add(value) } }),
    run: async (_, environment) => {
      if (environment.ZDD_CONNECTION_STRING_SHOP) Object.assign(given, environment);
      return { exitCode: 0 };
    },
  };
  const { ended } = await deploy(zoo);
  expect([ended, given.ZDD_CONNECTION_STRING_SHOP]).toEqual(['deployed', STRING]);
  expect([...masked]).toEqual(expect.arrayContaining([STRING, PASSWORD]));
});

test.each<[string, (vault: Vault, parts: Parts) => void, RegExp]>([
  [
    'may not be read by this identity',
    (vault) => void vault.readers?.shift(),
    /may not read it\..*ForbiddenByRbac|may not read it\..*az role assignment create --assignee .* 'Key Vault Secrets User'/s,
  ],
  [
    'is behind a private endpoint',
    (vault) => Object.assign(vault, { network: 'private' }),
    /lets in nobody from where this runner is.*runs-on/s,
  ],
  [
    'is behind a firewall',
    (vault) => Object.assign(vault, { network: 'firewall' }),
    /lets in nobody from where this runner is/,
  ],
  [
    'is in a vault of another tenant',
    (vault) => Object.assign(vault, { isForeign: true }),
    /belongs to another tenant.*clone-connection-settings/s,
  ],
  [
    'does not exist',
    (vault) => void delete vault.secrets.database,
    /there is none of that name and version.*az keyvault secret list/s,
  ],
  [
    'is disabled',
    (vault) => void Object.assign(vault.secrets.database?.[0] ?? {}, { isDisabled: true }),
    /it is disabled.*set-attributes/s,
  ],
  ['is in a vault that is gone', (_, { world }) => void delete world.vaults?.['shop-kv'], /nobody answers there/],
  [
    'is in a vault of another cloud',
    (_, { production }) => {
      production.occupant.connectionStrings.Shop = {
        value: CURRENT.replace('vault.azure.net', 'vault.azure.cn'),
        type: 'SQLAzure',
      };
    },
    /no vault of the cloud/,
  ],
  [
    'is written as App Service does not read it',
    (_, { production }) => {
      production.occupant.connectionStrings.Shop = { value: '@Microsoft.KeyVault(shop-kv/database)', type: 'SQLAzure' };
    },
    /no reference that App Service reads/,
  ],
])('preflight says why a secret cannot be followed, and what would serve: it %s', async (_, change, words) => {
  const trial = open({ arrange: inVault(undefined, change) });
  const { failure, phases } = await trial.run('preflight', { 'sql-server': 'sql', databases: 'shop' });
  const checks = phases[0]?.checks ?? [];
  const about = checks.filter(({ name }) => /secrets behind|connection strings/.test(name));
  expect(failure).toBeDefined();
  expect(about.map(({ verdict, found, fix }) => `${verdict} ${found} ${fix ?? ''}`).join('\n')).toMatch(words);
  expect(about.find(({ name }) => name === 'connection strings')?.verdict).toBe('failed');
});

test('with a runner in its network a private vault is read', async () => {
  const { ended } = await deploy({
    arrange: inVault(undefined, (vault, { production }) => {
      Object.assign(vault, { network: 'private' });
      production.properties = { ...production.properties, virtualNetworkSubnetId: '/subnets/apps' };
    }),
    from: '10.1.0.9',
  });
  expect(ended).toBe('deployed');
});

/** Everything of Azure that is left after the deployment, as text. */
function everywhere({ world }: Trial): string {
  return JSON.stringify(
    Object.values(partsOf(world).site.slots).map(({ occupant }) => [occupant.settings, occupant.connectionStrings]),
  );
}
