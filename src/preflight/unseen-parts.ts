import type { Check } from '../deployment/check.ts';
import { assignRole, groupScope } from '../deployment/commands.ts';
import { isPartial, type Look } from '../deployment/partial-look.ts';
import type { Settings } from '../settings/settings.ts';
import { ownRole } from './permissions-needed.ts';
import { failed } from './verdicts.ts';

/**
 * Pure: a line for each part that could not be seen. Every phase that changes something would stop there, also when Azure
 * says that the permission is granted: it may be new, or denied elsewhere.
 */
export function unseenParts(settings: Settings, look: Look): readonly Check[] {
  const unseen = isPartial(look) ? look.unseen : [];
  return unseen.map(({ what, so, why, at, stop }) =>
    failed(
      what,
      `Could not be looked at, so it is not known ${so}. ${why}`,
      stop.azure?.status === 403 ? assignRole(settings, groupScope(at), ownRole(settings)) : stop.next,
    ),
  );
}
