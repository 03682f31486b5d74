import type { Answer } from '../arm/answer.ts';
import { type Json, propertiesOf } from '../arm/call.ts';
import { Unmodelled } from '../world.ts';
import { changed } from './settings.ts';
import type { SiteCall } from './slot-call.ts';
import type { Site } from './state.ts';

const NAMES = ['connectionStringNames', 'appSettingNames', 'azureStorageConfigNames'] as const;

/** `GET config/slotConfigNames`, of the app only: which names stay with their slot in a swap. */
export function showNames(call: SiteCall): Answer {
  return { status: 200, body: bodyOf(call.site) };
}

/** `PUT config/slotConfigNames`: replaces all three lists. */
export function replaceNames(call: SiteCall): Answer {
  const given = propertiesOf(call.body);
  for (const name of Object.keys(given)) {
    if (!NAMES.some((known) => known === name)) throw new Unmodelled(`${name} in slotConfigNames`);
  }
  const [connectionStringNames, appSettingNames, azureStorageConfigNames] = NAMES.map((name) => listOf(given, name));
  call.site.slotConfigNames = {
    connectionStringNames: connectionStringNames ?? [],
    appSettingNames: appSettingNames ?? [],
    azureStorageConfigNames: azureStorageConfigNames ?? [],
  };
  // Whether this restarts anything is not known: the cautious answer is that it restarts every slot.
  for (const slot of Object.values(call.site.slots)) changed({ ...call, slot });
  return { status: 200, body: bodyOf(call.site) };
}

/** The id is null, as recorded. */
function bodyOf(site: Site): Json {
  return {
    id: null,
    name: site.name,
    type: 'Microsoft.Web/sites',
    location: site.location,
    properties: site.slotConfigNames,
  };
}

function listOf(given: Json, name: string): string[] {
  const list = given[name] ?? [];
  if (!Array.isArray(list) || list.some((one) => typeof one !== 'string')) {
    throw new Unmodelled(`${name} that is not a list of names`);
  }
  return list as string[];
}
