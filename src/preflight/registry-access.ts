import { buildSource } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import { imageName } from '../deployment/image-name.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { passed, warning } from './verdicts.ts';

const NAME = 'who pulls the image';

/**
 * Pure: an image that App Service pulls by an identity. A user-assigned one is given to the slots; an own identity is another one in
 * each slot, and only the registry knows whether it may pull (AcrPull).
 * https://learn.microsoft.com/azure/app-service/configure-custom-container#use-managed-identity-to-pull-image-from-azure-container-registry
 */
export function checkRegistryAccess(settings: Settings, { app, production }: AppLook): readonly Check[] {
  const source = buildSource(production);
  const { acrUseManagedIdentityCreds: byIdentity, acrUserManagedIdentityID: chosen } = production.travelling;
  if (source.kind !== 'image' || byIdentity !== true) return [];
  const live = hostOf(source.image.replace(/^DOCKER\|/i, ''));
  const next = hostOf(settings.image ?? '') ?? live;
  if (typeof chosen === 'string' && chosen !== '') {
    if (next === live)
      return [passed(NAME, `Identity ${chosen}, which every slot is given, pulls from ${live} today.`)];
    const found = `The new build lies in ${next}, and identity ${chosen} pulls from ${live} today: whether it may pull there only the registry knows.`;
    return [warning(NAME, found, grant(chosen, next))];
  }
  return [settings.readonlySlot, settings.stagingSlot].map((slot) => {
    const principal = `"$(${azWebApp(app, 'identity show', slot)} --query principalId --output tsv)"`;
    const found = `Images are pulled by the identity of the slot that runs them: that of ${slot} must be let in, too. (A user-assigned identity spares this.)`;
    return warning(NAME, found, grant(principal, next));
  });
}

function hostOf(image: string): string | undefined {
  return imageName(image)?.host;
}

/** @param assignee a client id, or a command that answers one. */
function grant(assignee: string, host = '<registry>'): string {
  const registry = shell(host.split('.')[0] ?? host);
  return `az role assignment create --assignee ${assignee} --role AcrPull --scope "$(az acr show --name ${registry} --query id --output tsv)"`;
}
