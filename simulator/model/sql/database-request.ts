import { armRefusal } from '../arm/refusal.ts';
import { Unmodelled } from '../world.ts';
import type { DatabaseChange, Sku } from './state.ts';

/** The body of a PUT or PATCH of a database, checked. */
export interface DatabaseRequest {
  readonly createMode: string;
  readonly sourceDatabaseId?: string;
  readonly restorePointInTime?: number;
  readonly tags?: Record<string, string>;
  readonly change: DatabaseChange;
}

const IGNORED = [
  'collation',
  'catalogCollation',
  'zoneRedundant',
  'readScale',
  'highAvailabilityReplicaCount',
  'maintenanceConfigurationId',
  'isLedgerOn',
  'secondaryType',
  'sampleName',
];

/** Reads a body; what it names and the model does not know is refused loudly. */
export function parseDatabaseBody(body: unknown): DatabaseRequest {
  const { location: _location, properties = {}, sku, tags, identity: _identity, ...unknown } = record(body);
  for (const key of Object.keys(unknown)) {
    if (!['id', 'name', 'type', 'kind', 'managedBy'].includes(key))
      throw new Unmodelled(`"${key}" in the body of a database`);
  }
  const {
    createMode = 'Default',
    sourceDatabaseId,
    sourceResourceId,
    restorePointInTime,
    ...rest
  } = record(properties);
  const source = sourceDatabaseId ?? sourceResourceId;
  return {
    createMode: String(createMode),
    ...(source === undefined ? {} : { sourceDatabaseId: String(source) }),
    ...(restorePointInTime === undefined ? {} : { restorePointInTime: instant(String(restorePointInTime)) }),
    ...(tags === undefined || tags === null ? {} : { tags: parseTags(tags) }),
    change: { ...changeOf(rest), ...(sku === undefined || sku === null ? {} : { sku: parseSku(sku) }) },
  };
}

/** Tags within Azure's limits: 50, names of 512 and values of 256 characters. */
export function parseTags(tags: unknown): Record<string, string> {
  const entries = Object.entries(record(tags)).map(([name, value]) => [name, String(value)] as const);
  if (entries.length > 50)
    throw armRefusal(400, 'InvalidTags', `A resource can have at most 50 tags; ${entries.length} were given.`);
  for (const [name, value] of entries) {
    if (name.length > 512 || /[<>%&\\?/]/.test(name))
      throw armRefusal(400, 'InvalidTagNameCharacters', `The tag name '${name}' is not valid.`);
    if (value.length > 256)
      throw armRefusal(
        400,
        'InvalidTagValueLength',
        `The value of tag '${name}' has ${value.length} characters; 256 are allowed.`,
      );
  }
  return Object.fromEntries(entries);
}

function changeOf(properties: Record<string, unknown>): DatabaseChange {
  const change: DatabaseChange = {};
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || IGNORED.includes(key)) continue;
    if (key === 'elasticPoolId') change.elasticPoolId = String(value);
    else if (key === 'maxSizeBytes') change.maxSizeBytes = Number(value);
    else if (key === 'requestedBackupStorageRedundancy') change.backupStorageRedundancy = String(value);
    else if (key === 'autoPauseDelay') change.autoPauseDelay = Number(value);
    else if (key === 'minCapacity') change.minCapacity = Number(value);
    else if (key === 'licenseType') change.licenseType = String(value);
    else if (!READ_ONLY.includes(key)) throw new Unmodelled(`"properties.${key}" in the body of a database`);
  }
  return change;
}

/** Shown by GET, sent back by clients that read, change and write. */
const READ_ONLY = [
  'status',
  'databaseId',
  'creationDate',
  'currentServiceObjectiveName',
  'requestedServiceObjectiveName',
  'defaultSecondaryLocation',
  'maxLogSizeBytes',
  'earliestRestoreDate',
  'currentSku',
  'currentBackupStorageRedundancy',
  'isInfraEncryptionEnabled',
];

function parseSku(sku: unknown): Sku {
  const { name, tier, family, capacity } = record(sku);
  const plain: Record<string, [string, number]> = {
    S0: ['Standard', 10],
    S1: ['Standard', 20],
    S2: ['Standard', 50],
    S3: ['Standard', 100],
    P1: ['Premium', 125],
    P2: ['Premium', 250],
    Basic: ['Basic', 5],
  };
  const known = plain[String(name)];
  if (known !== undefined) return { name: known[0], tier: known[0], capacity: known[1] };
  const vcore = /^(GP|BC|HS)(_S)?_(Gen\d|DC|Fsv2|PRMS|MOPRMS)_(\d+)$/.exec(String(name));
  if (vcore !== null) {
    const tiers = { GP: 'GeneralPurpose', BC: 'BusinessCritical', HS: 'Hyperscale' } as const;
    const short = vcore[1] as keyof typeof tiers;
    return {
      name: `${short}${vcore[2] ?? ''}_${vcore[3]}`,
      tier: tiers[short],
      family: vcore[3] ?? '',
      capacity: Number(vcore[4]),
    };
  }
  const tiers: Record<string, string> = { GP: 'GeneralPurpose', BC: 'BusinessCritical', HS: 'Hyperscale' };
  return {
    name: String(name),
    tier: tier === undefined ? (tiers[String(name).slice(0, 2)] ?? String(name)) : String(tier),
    ...(family === undefined ? {} : { family: String(family) }),
    capacity: Number(capacity ?? 0),
  };
}

function instant(text: string): number {
  const at = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(at)) throw armRefusal(400, 'InvalidRestorePointInTime', `'${text}' is not an instant.`);
  return at;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw armRefusal(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
  return value as Record<string, unknown>;
}
