import { isServer, type Named } from '../azure/server-names.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { bareName } from '../settings/database-key.ts';
import { isAzureSql, readings, wholeHostsIn } from './hosts.ts';
import { otherEngine } from './other-engines.ts';
import { type Place, places } from './places.ts';
import { isSecretReference } from './secret-reference.ts';
import { understand } from './understand.ts';

/** A setting that may lead to one of the databases although nobody can tell. */
export interface Unsure extends Place {
  /**
   * `reference`: to Key Vault, and what it stands for is not known. `configuration`: to App Configuration, which only App Service
   * reads. `not-understood`: it names the server in a form that is not understood.
   * `unknown-server`: it leads to a database of an original's name on a host that is no known name of any of the servers.
   */
  readonly why: 'reference' | 'configuration' | 'not-understood' | 'unknown-server';
}

/**
 * Settings that may lead to an original although we cannot tell: references, unless their names say that they are no
 * addresses; values that name a server without being understood together with a database (host and database apart,
 * JSON, unknown forms); and databases of an original's name on hosts that may be the server under a name that nobody listed.
 * @param originals keys of the original databases
 */
export function findUnsure(
  settings: SlotSettings,
  servers: readonly Named[],
  originals: readonly string[],
): readonly Unsure[] {
  const names = originals.map(bareName);
  return places(settings).flatMap(({ place, value, type }): Unsure[] => {
    if (otherEngine(value, type) !== undefined) return [];
    const why = doubt(place, value, servers, names);
    return why ? [{ ...place, why }] : [];
  });
}

/** References that pass because of their names. */
export function referencesPassed(settings: SlotSettings): readonly Place[] {
  return places(settings).flatMap(({ place, value }) => (isReference(value) && !isAddress(place) ? [place] : []));
}

/** References to Key Vault that may stand for where a database is, whether or not somebody knows what they are. */
export function addressReferences({ appSettings, connectionStrings }: SlotSettings): readonly Reference[] {
  return places({ appSettings, connectionStrings }).flatMap(({ place, value }) =>
    isSecretReference(value) && isAddress(place) ? [{ ...place, text: value }] : [],
  );
}

interface Reference extends Place {
  readonly text: string;
}

/** Whether settings may lead to a server that none of the understood connection strings names. */
export function mayNameAnother(settings: SlotSettings): boolean {
  return places(settings).some(({ place, value }) =>
    isReference(value) ? isAddress(place) : !understand(value) && wholeHostsIn(value).some(isAzureSql),
  );
}

function doubt(
  place: Place,
  value: string,
  servers: readonly Named[],
  originals: readonly string[],
): Unsure['why'] | undefined {
  const isKnown = (host: string) => servers.some((server) => isServer(server, host));
  if (isReference(value)) {
    if (!isAddress(place)) return undefined;
    return isSecretReference(value) ? 'reference' : 'configuration';
  }
  const address = understand(value)?.address;
  if (address?.database !== undefined) {
    const isOriginals = originals.some((name) => name.toLowerCase() === address.database?.toLowerCase());
    return isOriginals && !isKnown(address.host) ? 'unknown-server' : undefined;
  }
  const hosts = wholeHostsIn(value);
  if (hosts.some(isKnown) || isBareName(place, value, isKnown)) return 'not-understood';
  return hosts.some(isAzureSql) && originals.some((name) => isWordOf(value, name)) ? 'unknown-server' : undefined;
}

/** https://learn.microsoft.com/azure/app-service/app-service-key-vault-references and …/app-service-configuration-references */
function isReference(value: string): boolean {
  return /^@Microsoft\.(KeyVault|AppConfiguration)\(/i.test(value.trim());
}

/** Whether a reference may stand for where a database is. Connection strings always do. */
function isAddress({ kind, name }: Place): boolean {
  if (kind === 'connection-string') return true;
  if (OF_APP_SERVICE.test(name) || CREDENTIAL.test(name)) return false;
  return !SECRET.test(name) || SOUNDS_LIKE_ADDRESS.test(name);
}

/** The platform reads these itself. https://learn.microsoft.com/azure/app-service/reference-app-settings */
const OF_APP_SERVICE = /^(WEBSITES?_|APPLICATIONINSIGHTS_|APPINSIGHTS_|AzureWebJobs|DOCKER_|MICROSOFT_PROVIDER_)/i;
/** A part of a sign-in, wherever it leads. */
const CREDENTIAL = /(password|passwd|passphrase|pwd|user|user_?name|user_?id)\d*$/i;
/** May hold a whole connection string where the name also speaks of one. */
const SECRET = /(key|secret|token|thumbprint|certificate|salt|client_?id|tenant_?id)\d*$/i;
const SOUNDS_LIKE_ADDRESS = /conn|database|data_?source|sql|dsn|jdbc|db|url|uri|host|server/i;

/** Any word may be the bare name of a server: it counts where the setting is about a host. */
function isBareName({ name }: Place, value: string, isKnown: (host: string) => boolean): boolean {
  return /host|server|source|address/i.test(name) && !value.trim().includes(' ') && isKnown(value);
}

function isWordOf(text: string, name: string): boolean {
  const word = new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, '\\$&')}(?![\\w-])`, 'i');
  return readings(text).some((each) => word.test(each));
}
