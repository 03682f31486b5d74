import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { DeployedApp, Slot } from '../deployment/observed.ts';
import { liveBuildSlot, slots } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, warning } from './verdicts.ts';

const NAME = 'Key Vault references';

/**
 * Pure: settings that are references travel, and the identity that reads them stays with its slot.
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
export function checkKeyVault(settings: Settings, observed: DeployedApp): readonly Check[] {
  const vaults = vaultsIn(liveBuildSlot(observed));
  if (vaults.length === 0) return [];
  const reader = userAssigned(observed.production);
  if (reader === undefined) return [...ownIdentities(settings, observed, vaults)];
  return allFine(
    NAME,
    `Read by ${reader.split('/').at(-1)}, which every slot has.`,
    slots(observed)
      .filter((slot) => userAssigned(slot)?.toLowerCase() !== reader.toLowerCase())
      .map((slot) =>
        failed(
          NAME,
          `Production reads ${listed(vaults)} as ${reader.split('/').at(-1)}, and slot ${slot.name} does not; a swap does not carry it.`,
          `${azWebApp(observed.app, 'update', slot.name)} --set keyVaultReferenceIdentity=${shell(reader)}`,
        ),
      ),
  );
}

/** Each slot's own identity must be let in; whether it is, only the vault knows. */
function ownIdentities(settings: Settings, { app }: DeployedApp, vaults: readonly string[]): readonly Check[] {
  return [settings.readonlySlot, settings.stagingSlot].map((slot) => {
    const principal = `$(${azWebApp(app, 'identity show', slot)} --query principalId --output tsv)`;
    const grants = vaults.map(
      (vault) =>
        `az role assignment create --assignee-object-id "${principal}" --assignee-principal-type ServicePrincipal --role 'Key Vault Secrets User' --scope "$(az keyvault show --name ${shell(vault)} --query id --output tsv)"`,
    );
    const found = `Settings are read from ${listed(vaults)} by the identity of the slot that they are in: that of ${slot} must be let in, too. (A user-assigned identity on all slots spares this.)`;
    return warning(NAME, found, grants.join(' && '));
  });
}

function userAssigned({ site }: Slot): string | undefined {
  const identity = site.keyVaultReferenceIdentity;
  return identity === null || /^SystemAssigned$/i.test(identity) ? undefined : identity;
}

function vaultsIn({ appSettings, connectionStrings }: Slot): readonly string[] {
  const values = [...Object.values(appSettings), ...Object.values(connectionStrings).map(({ value }) => value)];
  const names = values.flatMap((value) => {
    if (!/^\s*@Microsoft\.KeyVault\(/i.test(value)) return [];
    const named = /VaultName=([^;)\s]+)/i.exec(value)?.[1] ?? /SecretUri=https:\/\/([^./]+)\./i.exec(value)?.[1];
    return named === undefined ? [] : [named];
  });
  return [...new Set(names)];
}
