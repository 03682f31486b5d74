import { keptOut } from '../azure/failure.ts';
import type { ProbeResult } from '../azure/probe.ts';
import { getWebConfig } from '../azure/site-config.ts';
import { isClosedToPublic } from '../azure/site-shapes.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, groupOf, shell } from '../deployment/commands.ts';
import type { AppLook, Slot } from '../deployment/observed.ts';
import { slotNamed } from '../deployment/slots.ts';
import { allFine, failed, listed, passed } from './verdicts.ts';

const NAME = 'private endpoints';

type Config = Readonly<Record<string, unknown>>;

/**
 * A private endpoint leads to one slot, and no other slot gets one with it: where production is reached through its own, ours need
 * theirs, or this runner proves nothing in them and uploads nothing. https://learn.microsoft.com/azure/app-service/overview-private-endpoint
 */
export async function checkPrivateEndpoints(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { context, settings, observed } = scene;
  const { id, site } = observed.production;
  const isClosed = isClosedToPublic(site);
  if (site.privateEndpoints.length === 0 && !isClosed) return [passed(NAME, 'Production is reached without one.')];
  const isNeeded = isClosed || isRestricted(await getWebConfig(context.arm, id));
  const wanted = [settings.readonlySlot, settings.stagingSlot];
  const found = await Promise.all(
    wanted.map(async (name) => {
      const slot = slotNamed(observed, name);
      if (slot) return unreached(observed, slot, await ask(scene, slot.host, settings.healthPath));
      return isNeeded ? missing(observed, name) : undefined;
    }),
  );
  return allFine(
    NAME,
    `This runner reaches ${listed(wanted)}.`,
    found.flatMap((check) => check ?? []),
  );
}

/** Restrictions are copied to new slots, and endpoints pass them by: behind a front door only its own addresses are let in. */
function isRestricted({ ipSecurityRestrictions, ipSecurityRestrictionsDefaultAction }: Config): boolean {
  const rules: readonly Config[] = Array.isArray(ipSecurityRestrictions) ? ipSecurityRestrictions : [];
  const isNarrow = ({ action, ipAddress }: Config) => action === 'Allow' && ipAddress !== 'Any';
  return ipSecurityRestrictionsDefaultAction === 'Deny' || rules.some(isNarrow);
}

function missing(look: AppLook, name: string): Check {
  const found = `Production is reached through a private endpoint, and others are kept out; slot ${name} would have none.`;
  return failed(NAME, found, made(look, name));
}

/** Pure: any answer but the front end's refusal comes from the slot, in which nothing may run yet. */
function unreached(look: AppLook, { name, host, scmHost, site }: Slot, answer: ProbeResult): Check | undefined {
  if ('status' in answer && keptOut(answer) === undefined) return undefined;
  if (site.privateEndpoints.length === 0) {
    const found = `Production is reached through a private endpoint; slot ${name} has none, and this runner does not reach it.`;
    return failed(NAME, found, endpoint(look, name));
  }
  const why = 'error' in answer ? answer.error : 'its address leads past the endpoint';
  return failed(
    NAME,
    `Slot ${name} has a private endpoint, and this runner does not reach it: ${why}. Zone privatelink.azurewebsites.net of its network (runs-on) must hold ${host} and ${scmHost}.`,
    `nslookup ${shell(host)}`,
  );
}

/** The slot must be there before its endpoint; "read-only" makes the rest of it like production. */
function made(look: AppLook, name: string): string {
  const { app } = look;
  return [
    azWebApp(app, 'deployment slot create', name),
    `${azWebApp(app, 'update', name)} --set publicNetworkAccess=Disabled`,
    `az tag update --operation Merge --resource-id ${shell(`${app.id}/slots/${name}`)} --tags zdd-slot=yes`,
    endpoint(look, name),
  ].join(' && ');
}

/** The group of a slot is `sites-<slot>`. https://learn.microsoft.com/azure/app-service/overview-private-endpoint */
function endpoint({ app }: AppLook, name: string): string {
  const called = shell(`${app.name}-${name}`);
  return `az network private-endpoint create --resource-group ${shell(groupOf(app.id))} --name ${called} --connection-name ${called} --private-connection-resource-id ${shell(app.id)} --group-id ${shell(`sites-${name}`)} --subnet ${shell('<id of the subnet of production’s endpoint>')}`;
}
