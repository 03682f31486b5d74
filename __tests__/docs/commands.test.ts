import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { RunCommand } from '../../src/ports.ts';
import type { Inputs } from '../in-process/trial.ts';
import { deploy, type Zoo } from '../in-process/zoo.ts';
import { withIdToken } from '../teams/team.ts';

const parts = readFileSync('docs/commands.md', 'utf8')
  .split(/^## /m)
  .flatMap((part) => {
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(part) ?? [];
    return yaml === undefined ? [] : [[part.split('\n')[0] ?? '', parse(yaml) as Inputs] as const];
  });

const PASSWORD = 'Very-Hidden-4711';
const STRING = `Server=tcp:sql.database.windows.net,1433;Database=shop;User ID=zddadmin;Password=${PASSWORD};Encrypt=True`;
const ODBC = `Driver={ODBC Driver 18 for SQL Server};Server=tcp:sql.database.windows.net,1433;Database=shop;Uid=zddadmin;Pwd=${PASSWORD}`;
const CANDIDATE = 'https://web-zdd-staging.azurewebsites.net';

/** What the tools are called with in the window, in order: `tool arguments`, and what of the environment they need. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'EF Core, a bundle': [`efbundle --connection ${STRING}`],
  'EF Core, a bundle, for an app without a password': [
    'efbundle --connection Server=tcp:sql.database.windows.net,1433;Database=shop;Authentication=Active Directory Default;Encrypt=True [AZURE_FEDERATED_TOKEN_FILE=HOME/id-token]',
  ],
  'A script, for an app without a password': [
    'pwsh -Command Invoke-Sqlcmd -ServerInstance $env:ZDD_SQL_SERVER -Database $env:ZDD_DATABASE -AccessToken $env:ZDD_SQL_ACCESS_TOKEN -InputFile zdd-package/migrate.sql -AbortOnError [ZDD_SQL_SERVER=sql.database.windows.net]',
  ],
  'EF Core, dotnet ef': [
    'dotnet tool update --global dotnet-ef',
    'dotnet build src/Shop',
    `dotnet-ef database update --no-build --project src/Shop [ConnectionStrings__DefaultConnection=${STRING}]`,
  ],
  'Prisma, with a login of its own': [
    'npm ci --ignore-scripts',
    'npx prisma generate',
    'npx prisma migrate deploy [DATABASE_URL=sqlserver://sql.database.windows.net:1433;database=shop;user=migrator;password=Of-The-Migrator-1]',
  ],
  knex: ['npm ci', 'npx knex migrate:latest --env production [ZDD_DATABASE=shop]'],
  'A DACPAC, sqlpackage': [
    'dotnet tool update --global microsoft.sqlpackage',
    'sqlpackage /Action:Publish /SourceFile:zdd-package/shop.dacpac /TargetServerName:sql.database.windows.net /TargetDatabaseName:shop /AccessToken:TOKEN /p:BlockOnPossibleDataLoss=true',
  ],
  Django: ['pip install --quiet -r requirements.txt', `python manage.py migrate --noinput [DB_ODBC=${ODBC}]`],
  'Xperience by Kentico': [
    'unzip -q -o zdd-package/package.zip -d site',
    `dotnet Site.dll --kxp-update --skip-confirmation [ConnectionStrings__CMSConnectionString=${STRING}]`,
    'dotnet Site.dll --kxp-cd-restore --repository-path ../cd',
  ],
  'Umbraco Deploy': [
    `pwsh -File ./TriggerDeploy.ps1 -Action TriggerWithStatus -ApiSecret Secret-Of-Deploy-1 -BaseUrl ${CANDIDATE} -Reason zdd`,
  ],
  'A migrator app': [
    'az version --output none',
    'az login --service-principal --username CLIENT --tenant TENANT --federated-token ID-TOKEN --output none',
    'az webapp start --resource-group rg --name migrator',
    'curl -fsS --retry 60 --retry-delay 10 --retry-all-errors https://migrator.azurewebsites.net/done',
    'az webapp stop --resource-group rg --name migrator',
  ],
};

/** What else the app has in some parts. */
const WORLDS: Readonly<Record<string, Zoo>> = {
  Django: { options: { appSettings: { DB_ODBC: ODBC } } },
  'Xperience by Kentico': { options: { connectionStringName: 'CMSConnectionString' } },
};

const folder = mkdtempSync(join(tmpdir(), 'zdd-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every recipe of the page is tried', () => {
  expect(parts.map(([title]) => title)).toEqual(Object.keys(CALLS));
});

test.each(parts)('%s: run as written, in a whole deployment', async (title, inputs) => {
  const { run, called } = tools(title);
  const { 'schema-version-query': _, ...given } = inputs;
  const oidc = given['commands-sign-in'] === 'true';
  const { ended, visitors } = await deploy({
    ...WORLDS[title],
    run,
    inputs: given,
    ...(oidc && withIdToken),
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  const expected = CALLS[title] ?? [];
  expect(called().slice(-expected.length)).toEqual(expected);
});

test.each([
  ['optimizely-cms12', 'EpiServer__Cms__DataAccess__UpdateDatabaseSchema', 'EPiServerDB', '/EPiServer/CMS'],
  ['umbraco', 'Umbraco__CMS__Unattended__UpgradeUnattended', 'umbracoDbDSN', '/umbraco'],
])(
  '%s updates its database by itself, without a command: only the new build is told to',
  async (profile, setting, connectionStringName, closed) => {
    const site: Zoo = {
      kind: { pages: { [closed]: { text: 'Sign in', whenReadOnly: 503 } } },
      next: { migratesOnStart: { setting, value: 'true' } },
      options: { connectionStringName },
      inputs: { profile },
    };
    const { ended, visitors } = await deploy(site);
    expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
    const untold = await deploy({ ...site, inputs: { 'health-timeout': '60' } });
    expect(untold.ended).toMatch(/^failed in deploy/);
  },
);

/**
 * The commands in the shell that runs them, with tools that write down how they were called. At once: the virtual time of the rest
 * would go on meanwhile.
 */
function tools(title: string): { run: RunCommand; called: () => string[] } {
  const home = join(folder, title.replaceAll(/\W+/g, '-'));
  const log = join(home, 'calls');
  for (const path of ['bin', '.dotnet/tools', 'zdd-package', 'site']) mkdirSync(join(home, path), { recursive: true });
  const names = ['npm', 'npx', 'dotnet', 'python', 'pip', 'unzip', 'pwsh', 'az', 'curl'].map((name) => `bin/${name}`);
  for (const path of [...names, '.dotnet/tools/dotnet-ef', '.dotnet/tools/sqlpackage', 'zdd-package/efbundle']) {
    const words = 'echo "$(basename "$0") $*" >>"$CALLS"; env >>"$CALLS.env"; echo "==" >>"$CALLS.env"';
    writeFileSync(join(home, path), `#!/bin/bash\n${words}\n`);
    chmodSync(join(home, path), 0o755);
  }
  const environment = { PATH: `${join(home, 'bin')}:/usr/bin:/bin`, HOME: home, CALLS: log, RUNNER_TEMP: home };
  return {
    async run(command, more) {
      const env = { ...environment, ...more };
      const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command], {
        cwd: home,
        env,
      });
      return { exitCode: status ?? 1 };
    },
    called() {
      if (!existsSync(log)) return [];
      const environments = readFileSync(`${log}.env`, 'utf8').split('==\n');
      return readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line, index) => told(line, environments[index] ?? '', CALLS[title] ?? []));
    },
  };
}

/** A call with those variables that the expectation names, and with words for what differs from run to run. */
function told(call: string, environment: string, expected: readonly string[]): string {
  const plain = call
    .replace(/\/AccessToken:\S+/, '/AccessToken:TOKEN')
    .replace(/--username \S+ --tenant \S+/, '--username CLIENT --tenant TENANT')
    .replace('id-token-of-the-job', 'ID-TOKEN');
  const wanted = expected.find((each) => each.startsWith(`${plain} [`));
  const [, name] = /\[(\w+)=/.exec(wanted ?? '') ?? [];
  const value = name && new RegExp(`^${name}=(.*)$`, 'm').exec(environment)?.[1];
  return name ? `${plain} [${name}=${value?.replace(folder, 'HOME').replace(/HOME\/[^/]+/, 'HOME')}]` : plain;
}
