import { createHash } from 'node:crypto';
import type { Site } from '../azure/site-shapes.ts';
import { byCodeUnits } from './names.ts';
import { isSlotListText, type SlotChanges, slotChanges, slotListText } from './slot-list.ts';
import type { WebConfig } from './web-config.ts';

/** What production has beside build, settings and databases, and no deployment is to change, as people call it. */
export const BESIDE = [
  'host names',
  'certificates',
  'access restrictions',
  'TLS and client certificates',
  'networking',
  'identities',
  'other configuration',
  'slot settings',
] as const;

export type BesidePart = (typeof BESIDE)[number];

/** A digest of each part but the slot settings, in the order of {@link BESIDE}. */
export type Beside = readonly string[];

interface Seen {
  readonly production: { readonly beside?: Beside | undefined };
  /** Names that stay with a slot in a swap. */
  readonly app: { readonly sticky: unknown };
  /** Undefined where nobody asked. */
  readonly slotNames?: readonly string[] | undefined;
}

const IMAGES = /^(linux|windows)FxVersion$/;

/** @param travelling what a swap carries or may carry: slots of ours are given the same. The image of a build is not of it. */
export function besideOf(site: Site, config: WebConfig, travelling: WebConfig): Beside {
  const { publicNetworkAccess, httpsOnly, clientCertEnabled, clientCertMode, virtualNetworkSubnetId } = site;
  const named = (pattern: RegExp) => Object.entries(config).filter(([name]) => pattern.test(name));
  return [
    [site.hostName, site.customHosts],
    site.certificates,
    [publicNetworkAccess, named(/^(scmI|i)pSecurityRestrictions/)],
    [httpsOnly, clientCertEnabled, clientCertMode, named(/[tT]ls|ftpsState/)],
    [virtualNetworkSubnetId, [...site.privateEndpoints].sort(), named(/^vnet/)],
    [site.identity, site.keyVaultReferenceIdentity],
    Object.entries(travelling).filter(([name]) => !IMAGES.test(name)),
  ].map(digest);
}

/**
 * Production as it is, and which slots the app has, in few enough characters for a tag; undefined where nobody looked.
 * @param ours names of the slots of the deployment.
 */
export function besideText(seen: Seen, ours: readonly string[]): string | undefined {
  const digests = digestsOf(seen);
  if (digests === undefined || seen.slotNames === undefined) return digests;
  return `${digests}${SLOTS}${slotListText(seen.slotNames, ours)}`;
}

/** Before slots were looked at, the digests stood alone. */
export function isBesideText(text: string): boolean {
  const [digests = '', slots, ...more] = text.split(SLOTS);
  const isKnown = slots === undefined || isSlotListText(slots);
  return /^1(-[0-9a-f]{6}){8}$/.test(digests) && isKnown && more.length === 0;
}

/** The parts that are not as they were; undefined where nobody can tell. */
export function changedBeside(before: string | undefined, seen: Seen): readonly BesidePart[] | undefined {
  const [then, now] = [before?.split(SLOTS)[0], digestsOf(seen)].map((text) => text?.split('-').slice(1));
  if (then === undefined || now === undefined) return undefined;
  return BESIDE.filter((_, index) => then[index] !== now[index]);
}

/** What became of the list of slots; undefined where nobody can tell. */
export function changedSlots(
  before: string | undefined,
  { slotNames }: Pick<Seen, 'slotNames'>,
  ours: readonly string[],
): SlotChanges | undefined {
  const then = before?.split(SLOTS)[1];
  return then === undefined || slotNames === undefined ? undefined : slotChanges(then, slotNames, ours);
}

const SLOTS = '|';

function digestsOf({ production, app }: Seen): string | undefined {
  return production.beside && ['1', ...production.beside, digest(app.sticky)].join('-');
}

function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 6);
}

/** Azure keeps no order of fields, and shows what is not set in several ways. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value || null;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return entries.sort(([one], [other]) => byCodeUnits(one, other)).map(([name, one]) => [name, sorted(one)]);
}
