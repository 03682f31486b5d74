import type { Answer } from '../arm/answer.ts';
import { lookUp, parseReference } from '../vault/references.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import type { SlotCall } from './slot-call.ts';
import type { Slot } from './state.ts';

type Kind = 'appsettings' | 'connectionstrings';

/** `GET config/configreferences/{appsettings | connectionstrings}`: whether App Service could resolve each reference. */
export function listReferences(kind: Kind): (call: SlotCall) => Answer {
  return ({ world, slot }) => {
    const value = textsOf(slot, kind).flatMap(([name, text]) => {
      const reference = parseReference(text);
      if (reference === undefined) return [];
      const { status } = lookUp(world, slot, reference);
      const properties = {
        reference: text,
        status,
        vaultName: reference.vault,
        secretName: reference.secret,
        secretVersion: reference.version ?? null,
        source: 'KeyVault',
      };
      return [
        { id: `${idOf(world, slot)}/config/configreferences/${kind}/${name}`, name, type: CONFIG_TYPE, properties },
      ];
    });
    return { status: 200, body: { value, nextLink: null, id: null } };
  };
}

function textsOf({ occupant }: Slot, kind: Kind): [name: string, text: string][] {
  if (kind === 'appsettings') return Object.entries(occupant.settings);
  return Object.entries(occupant.connectionStrings).map(([name, { value }]) => [name, value]);
}
