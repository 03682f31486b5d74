import type { SlotSettings } from '../azure/slot-settings.ts';
import { type Place, places } from './places.ts';
import { understand } from './understand.ts';

/** A setting that may lead to one of the databases although it was not understood. */
export interface Unsure extends Place {
  /** `key-vault`: the value is a reference that only App Service can read. `not-understood`: it names the server. */
  readonly why: 'key-vault' | 'not-understood';
}

/**
 * Settings that may lead to a database of the server although we cannot tell: references, and values that name the server
 * without being understood together with a database (host and database apart, unknown forms).
 */
export function findUnsure(settings: SlotSettings, host: string): readonly Unsure[] {
  return places(settings).flatMap(({ place, value }): Unsure[] => {
    if (/^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(value.trim())) {
      return place.kind === 'connection-string' || soundsLikeConnection(place.name)
        ? [{ ...place, why: 'key-vault' }]
        : [];
    }
    if (!value.toLowerCase().includes(host.toLowerCase()) || /^https?:\/\//i.test(value.trim())) return [];
    return understand(value)?.address.database === undefined ? [{ ...place, why: 'not-understood' }] : [];
  });
}

/** References of app settings are mostly API keys; only those named after a connection or a database are asked about. */
function soundsLikeConnection(name: string): boolean {
  return /conn|database|sql|dsn/i.test(name);
}
