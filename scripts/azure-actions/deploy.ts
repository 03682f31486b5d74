import { equal, match, ok, rejects } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * What azure/webapps-deploy and azure/appservice-settings do with their library, in the order in which they do it; run where
 * that library is installed. Ends with an error when something came otherwise than they rely on.
 */
interface Authorizer {
  readonly subscriptionID: string;
}

interface Deployed {
  deployUsingZipDeploy(zip: string, message: object): Promise<string>;
  deployUsingOneDeploy(
    zip: string,
    message: object,
    path?: string,
    type?: string,
    clean?: string,
    restart?: string,
  ): Promise<string>;
  /** Undefined when it could not be written, which is only warned of. */
  updateDeploymentStatus(isSuccess: boolean, id: string | null, message: object): Promise<string | undefined>;
  warmpUp(): Promise<void>;
}

interface Utility {
  getKuduService(): Promise<{ getAppSettings(): Promise<Record<string, string>> }>;
  getApplicationURL(): Promise<string>;
  updateAndMonitorAppSettings(add: readonly Setting[], remove: null): Promise<boolean>;
  updateConfigurationSettings(properties: Record<string, unknown>): Promise<void>;
  updateConnectionStrings(add: readonly Setting[]): Promise<boolean>;
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly slotSetting: boolean;
  readonly type?: string;
}

interface App {
  getPublishingCredentials(): Promise<{ properties: Record<string, string> }>;
  getApplicationSettings(force?: boolean): Promise<{ properties: Record<string, string> }>;
  getSlotConfigurationNames(force?: boolean): Promise<{ properties: Record<string, string[]> }>;
  restart(): Promise<void>;
}

const { APP = '', SLOT = '' } = process.env;
const load = createRequire(join(process.cwd(), 'package.json'));
const part = (name: string) => load(`azure-actions-appservice-rest/${name}`);
const { AuthorizerFactory } = load('azure-actions-webclient/AuthorizerFactory');
const { AzureResourceFilterUtility } = part('Utilities/AzureResourceFilterUtility');
const { AzureAppService } = part('Arm/azure-app-service');
const { AzureAppServiceUtility } = part('Utilities/AzureAppServiceUtility');
const { KuduServiceUtility } = part('Utilities/KuduServiceUtility');
const { Kudu } = part('Kudu/azure-app-kudu-service');
const { addAnnotation } = part('Utilities/AnnotationUtility');
const message = { type: 'Deployment', slotName: SLOT };

const endpoint: Authorizer = await AuthorizerFactory.getAuthorizer();
const found: { resourceGroupName: string; kind: string } = await AzureResourceFilterUtility.getAppDetails(
  endpoint,
  APP,
  undefined,
  SLOT,
);
equal(found.kind, 'app');
await rejects(AzureResourceFilterUtility.getAppDetails(endpoint, 'nobodys'), /doesn't exist/);
const app: App = new AzureAppService(endpoint, found.resourceGroupName, APP, SLOT, found.kind);
const utility: Utility = new AzureAppServiceUtility(app);

await settings();
const kudu = await utility.getKuduService();
await deployAs(new KuduServiceUtility(kudu));
await byPublishProfile();
await app.restart();

/** azure/appservice-settings */
async function settings(): Promise<void> {
  ok(
    await utility.updateAndMonitorAppSettings(
      [
        { name: 'COLOUR', value: 'green', slotSetting: false },
        { name: 'STAY', value: 'slot', slotSetting: true },
      ],
      null,
    ),
  );
  await utility.updateConfigurationSettings({ alwaysOn: true });
  await utility.updateConnectionStrings([{ name: 'Extra', value: 'Server=x', type: 'SQLAzure', slotSetting: true }]);
  equal((await app.getApplicationSettings(true)).properties.COLOUR, 'green');
  const { properties } = await app.getSlotConfigurationNames(true);
  ok(properties.appSettingNames?.includes('STAY') && properties.connectionStringNames?.includes('Extra'));
}

/** azure/webapps-deploy with azure/login: a zip in both ways that it knows, the entry in the history, the address. */
async function deployAs(deployed: Deployed): Promise<void> {
  await deployed.warmpUp();
  match(await deployed.deployUsingZipDeploy('app.zip', { slotName: SLOT }), /^[0-9a-f-]{32,}$/);
  match(
    await deployed.deployUsingOneDeploy('app.zip', { slotName: SLOT }, undefined, 'zip', 'true', 'true'),
    /^[0-9a-f-]{32,}$/,
  );
  ok(await deployed.updateDeploymentStatus(true, null, message), 'the entry in the history was not written');
  await addAnnotation(endpoint, app, true);
  match(await utility.getApplicationURL(), /^https?:\/\/.*byhand/);
}

/** azure/webapps-deploy with a publish profile: user and password instead of a token. */
async function byPublishProfile(): Promise<void> {
  const { scmUri = '', publishingUserName, publishingPassword } = (await app.getPublishingCredentials()).properties;
  const basic = (password?: string) => new Kudu(new URL(scmUri).origin, { username: publishingUserName, password });
  const deployed: Deployed = new KuduServiceUtility(basic(publishingPassword));
  match(await deployed.deployUsingZipDeploy('app.zip', message), /^[0-9a-f-]{32,}$/);
  ok(await deployed.updateDeploymentStatus(true, null, message));
  await rejects(basic('wrong').getAppSettings(), /401/);
  writeFileSync('broken.zip', 'no zip');
  await rejects(Promise.resolve(deployed.deployUsingZipDeploy('broken.zip', message)));
}
