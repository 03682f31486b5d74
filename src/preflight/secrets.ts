import type { SecretLook } from '../azure/key-vault.ts';
import { secretReference } from '../connection-strings/secret-reference.ts';
import { addressReferences } from '../connection-strings/unsure.ts';
import type { Check } from '../deployment/check.ts';
import { shell } from '../deployment/commands.ts';
import type { Observed } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { listed, passed, warning } from './verdicts.ts';

const NAME = 'secrets behind references';

/** A reference whose secret could not be read. */
interface Unread {
  readonly setting: string;
  readonly vault: string;
  readonly secret: string;
  readonly why: NonNullable<SecretLook['why']>;
  readonly said: string;
}

/**
 * Pure: whether what a reference to Key Vault stands for could be read, where it may lead to a database. Where it could not,
 * `connection strings` asks for the value; here stands what would spare that.
 */
export function checkSecrets(settings: Settings, observed: Observed): readonly Check[] {
  const live = liveBuildSlot(observed);
  const named = new Set(settings.cloneConnectionSettings.map(({ name }) => name.toLowerCase()));
  const looks = addressReferences(live).flatMap(({ name, text }) => {
    const look = live.secrets?.[text];
    return look ? [{ setting: name, reference: secretReference(text), look }] : [];
  });
  const read = looks.flatMap(({ setting, look }) => (look.value === undefined ? [] : [setting]));
  const unread = looks.flatMap(({ setting, reference, look }): Unread[] =>
    look.why === undefined || named.has(setting.toLowerCase())
      ? []
      : [{ setting, vault: reference?.vault ?? '', secret: reference?.secret ?? '', why: look.why, said: look.said }],
  );
  return [
    ...(read.length > 0
      ? [passed(NAME, `What ${listed(read)} stand for was read, and is followed like any value.`)]
      : []),
    ...unread.map((each) => explained(settings, each)),
  ];
}

function explained(settings: Settings, unread: Unread): Check {
  const { setting, vault, secret, said } = unread;
  const azure = said === '' ? '' : ` Azure said: ${said}`;
  const found = (why: string) => `${setting} stands for secret ${secret} of vault ${vault}, and ${why}.${azure}`;
  const instead = `clone-connection-settings: ${setting}=<its value with {{clone-database}}>`;
  switch (unread.why) {
    case 'not-understood':
      return warning(NAME, `${setting} is no reference that App Service reads: the app gets its text.`, REFERENCES);
    case 'other-cloud':
      return warning(NAME, found('that is no vault of the cloud that this run works in'), instead);
    case 'other-tenant':
      return warning(NAME, found('the vault belongs to another tenant than the identity of this run'), instead);
    case 'no-secret':
      return warning(NAME, found('there is none of that name and version'), showSecrets(vault));
    case 'disabled':
      return warning(
        NAME,
        found('it is disabled'),
        `az keyvault secret set-attributes --vault-name ${shell(vault)} --name ${shell(secret)} --enabled true`,
      );
    case 'no-right':
      return warning(NAME, found('the identity of this run may not read it'), grant(settings, vault));
    case 'network':
      return warning(
        NAME,
        found('the vault lets in nobody from where this runner is'),
        'Use a runner in the network of the vault (runs-on), as for a database behind a private endpoint.',
      );
    case 'no-answer':
      return warning(NAME, found('nobody answers there'), `az keyvault show --name ${shell(vault)}`);
  }
}

const REFERENCES = 'Write it as in https://learn.microsoft.com/azure/app-service/app-service-key-vault-references';

function showSecrets(vault: string): string {
  return `az keyvault secret list --vault-name ${shell(vault)} --output table`;
}

/** Of a vault with access policies, which know no roles, `az keyvault set-policy … --secret-permissions get` does the same. */
function grant({ identity }: Settings, vault: string): string {
  const assignee = shell(identity.clientId ?? '<client id>');
  return `az role assignment create --assignee ${assignee} --role 'Key Vault Secrets User' --scope "$(az keyvault show --name ${shell(vault)} --query id --output tsv)"`;
}
