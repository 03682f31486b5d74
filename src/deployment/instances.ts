import { createHash } from 'node:crypto';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { Stop } from '../errors.ts';
import type { KeyValue, Settings } from '../settings/settings.ts';
import { buildId } from './build.ts';
import { buildSource, packageUrl, RUN_FROM_PACKAGE } from './build-source.ts';
import { cloneConnections, doubtText } from './clone-connections.ts';
import { COPIED_FROM, copiedFrom, isOtherBuild } from './copied-from.ts';
import { instanceSettings, withSettings } from './instance-settings.ts';
import { BUILD_SETTING, formatMarker, holds, MARKER_SETTING, type Role, TOLD_BY } from './marker.ts';
import { cloneName } from './names.ts';
import type { DeployedApp, Observed, Slot } from './observed.ts';
import { fillPlaceholders, type PlaceholderValues } from './placeholders.ts';
import { liveBuildSlot, slotNamed } from './slots.ts';
import { warmUpSettings } from './warm-up.ts';

/** Stands for the digest of a build that was not uploaded yet, in plans that look ahead. */
const NOT_UPLOADED = '<sha256 of the upload>';

/** The read-only copy: production's settings with the clones in place of the originals and the read-only switches on. */
export function readOnlyCopySettings(settings: Settings, observed: Observed, name: string): SlotSettings {
  const live = liveBuildSlot(observed);
  const values = valuesFor(observed, 'read-only');
  const cloned = cloneConnections(live, observed.servers, settings, values);
  if (cloned.notFound.length > 0 || cloned.unsure.length > 0) {
    const doubts = [
      ...cloned.notFound.map((name) => `no setting was found that leads to database ${name}`),
      ...cloned.unsure.map(doubtText),
    ];
    throw new Stop(
      'refused',
      `The read-only copy might write to an original: ${doubts.join('; ')}.`,
      'Say with input clone-connection-settings what these settings must be on the copy (NAME=VALUE with {{clone-database}}, or NAME={{unchanged}} for one that leads to no original).',
    );
  }
  const there = slotNamed(observed, name) ?? null;
  const isCopy = holds(there, observed.deploymentId, 'read-only') && !isOtherBuild(observed);
  const build = liveBuildId(observed) ?? buildIn(observed, isCopy ? there : null, name);
  return {
    connectionStrings: cloned.settings.connectionStrings,
    appSettings: preparedSettings(settings, stickyFromProduction(observed, cloned.settings.appSettings), values, [
      ...notDeployedByItself(live),
      ...identity(observed, 'read-only', copyNumber(observed), build),
      { name: COPIED_FROM, value: copiedFrom(observed) },
      ...toldBy(settings),
    ]),
  };
}

/** The new build: the live build's settings, wherever it sits, plus `app-settings`. */
export function newBuildSettings(settings: Settings, observed: Observed, attempt: number): SlotSettings {
  const live = liveBuildSlot(observed);
  const build = observed.newBuild
    ? buildId(observed.newBuild)
    : buildIn(observed, observed.stagingSlot, settings.stagingSlot);
  return {
    connectionStrings: withNewStrings(settings, observed, live.connectionStrings),
    appSettings: preparedSettings(
      settings,
      stickyFromProduction(observed, live.appSettings),
      valuesFor(observed, 'new'),
      [...notDeployedByItself(live), ...fetchedFrom(observed), ...identity(observed, 'new', attempt, build)],
    ),
  };
}

/** Of which copy-command the copy was told its database: with another one it is told and started anew. */
function toldBy({ copyCommand }: Settings): KeyValue[] {
  if (copyCommand === undefined) return [];
  return [{ name: TOLD_BY, value: createHash('sha256').update(copyCommand).digest('hex').slice(0, 12) }];
}

/** Names count as equal without regard to case: the one that was there gives way. */
function withNewStrings(
  { newConnectionStrings }: Settings,
  observed: Observed,
  base: SlotSettings['connectionStrings'],
): SlotSettings['connectionStrings'] {
  const replaced = new Set(newConnectionStrings.map(({ name }) => name.toLowerCase()));
  const kept = Object.entries(base).filter(([name]) => !replaced.has(name.toLowerCase()));
  const made = newConnectionStrings.map(({ name, value, type }) => {
    const filled = fillPlaceholders(value, valuesFor(observed, 'new'));
    return [name, { value: filled, type }] as const;
  });
  return Object.fromEntries([...kept, ...made]);
}

/** The live build as candidate of a rollback: the set just read plus the marker. */
export function liveBuildSettings(settings: Settings, observed: Observed, slot: Slot, attempt: number): SlotSettings {
  return {
    connectionStrings: slot.connectionStrings,
    appSettings: preparedSettings(
      settings,
      slot.appSettings,
      valuesFor(observed, 'live'),
      identity(observed, 'live', attempt, slot.build ?? 'live'),
    ),
  };
}

/**
 * What an upload needs and nothing that leads to an original; WebJobs off. An emptied slot also forgets the URL of a package:
 * SCM takes no upload beside it. Azure builds nothing of it once more: the live build is a built one, and so is a package,
 * unless `app-settings` says that Azure is to build it.
 */
export function disarmedSettings(
  settings: Settings,
  observed: DeployedApp,
  role: Role | 'emptied',
  build: string | undefined,
): SlotSettings {
  const live = withoutRemoteBuild(liveBuildSlot(observed).appSettings);
  const wanted = role === 'new' ? withSettings(live, [...settings.appSettings, ...fetchedFrom(observed)]) : live;
  const kept = Object.entries(wanted).filter(
    ([name, value]) => NEEDED_BY_UPLOADS.test(name) && !(role === 'emptied' && /^https?:/i.test(value)),
  );
  const marker: KeyValue[] =
    role === 'emptied'
      ? []
      : [{ name: MARKER_SETTING, value: formatMarker({ deploymentId: observed.deploymentId, role, attempt: 0 }) }];
  const buildSetting: KeyValue[] = build === undefined ? [] : [{ name: BUILD_SETTING, value: build }];
  return {
    connectionStrings: {},
    appSettings: withSettings(Object.fromEntries(kept), [
      { name: WEBJOBS_STOPPED, value: '1' },
      ...marker,
      ...buildSetting,
    ]),
  };
}

/** What `cleanup` leaves of an instance: no build runs on that, whatever its files are. */
export function isEmptied({ appSettings, connectionStrings }: Slot): boolean {
  const names = Object.keys(appSettings).filter((name) => !NEEDED_BY_UPLOADS.test(name));
  return Object.keys(connectionStrings).length === 0 && names.join() === WEBJOBS_STOPPED;
}

const WEBJOBS_STOPPED = 'WEBJOBS_STOPPED';

/** How SCM treats an upload. */
const NEEDED_BY_UPLOADS = new RegExp(`^(${RUN_FROM_PACKAGE}|SCM_.*|ENABLE_ORYX_BUILD|BUILD_FLAGS)$`, 'i');

/** Only where somebody has said something: by default Azure builds nothing that comes as a zip. */
function withoutRemoteBuild(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const off = ([name, value]: [string, string]): [string, string] => [name, REMOTE_BUILD.test(name) ? 'false' : value];
  return Object.fromEntries(Object.entries(settings).map(off));
}

/** https://github.com/microsoft/Oryx/blob/main/doc/hosts/appservice.md */
const REMOTE_BUILD = /^(SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD)$/i;

/** The package at a URL, of the new build that is given, or that waits in the staging slot. */
function fetchedFrom({ newBuild, stagingSlot, deploymentId }: DeployedApp): KeyValue[] {
  const waiting = newBuild === null && holds(stagingSlot, deploymentId, 'new') ? stagingSlot : undefined;
  const url = newBuild?.kind === 'package-url' ? newBuild.url : waiting && packageUrl(waiting);
  return url ? [{ name: RUN_FROM_PACKAGE, value: url }] : [];
}

/** A push to the registry must neither restart nor change what is proven. https://learn.microsoft.com/azure/app-service/deploy-ci-cd-custom-container */
function notDeployedByItself({ appSettings }: Slot): KeyValue[] {
  return appSettings[CONTINUOUS] === undefined ? [] : [{ name: CONTINUOUS, value: 'false' }];
}

const CONTINUOUS = 'DOCKER_ENABLE_CI';

/** Of a build that is not uploaded. */
function liveBuildId(observed: Observed): string | undefined {
  const live = liveBuildSlot(observed);
  const source = buildSource(live);
  if (source.kind === 'image') return observed.liveImage ?? source.image;
  const url = packageUrl(live);
  return url ? buildId({ kind: 'package-url', url, etag: undefined }) : undefined;
}

/**
 * What an instance carries that we prepare, each on top of what is before it: the settings that it comes from, how Azure
 * is to know that it is warm (by default any answer counts), what profile and user want of it, and its identity.
 */
function preparedSettings(
  settings: Settings,
  base: Readonly<Record<string, string>>,
  values: PlaceholderValues,
  identity: readonly KeyValue[],
): Readonly<Record<string, string>> {
  const warming = withSettings(base, warmUpSettings(settings, base));
  return withSettings(withSettings(warming, instanceSettings(settings, values)), identity);
}

/** Another than that of the copy which visitors are on, so that the two can be told apart. */
function copyNumber({ production, deploymentId }: Observed): number {
  return holds(production, deploymentId, 'read-only') ? (production.marker?.attempt ?? 0) + 1 : 1;
}

/** Marker and build. */
function identity({ deploymentId }: DeployedApp, role: Role, attempt: number, build: string): readonly KeyValue[] {
  return [
    { name: MARKER_SETTING, value: formatMarker({ deploymentId, role, attempt }) },
    { name: BUILD_SETTING, value: build },
  ];
}

/** Names in slotConfigNames never move: production's value is the one that the build will meet there. */
function stickyFromProduction(
  { app, production }: DeployedApp,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const sticky = new Set(app.sticky.appSettings.map((name) => name.toLowerCase()));
  return Object.fromEntries([
    ...Object.entries(settings).filter(([name]) => !sticky.has(name.toLowerCase())),
    ...Object.entries(production.appSettings).filter(([name]) => sticky.has(name.toLowerCase())),
  ]);
}

function buildIn(observed: Observed, slot: Slot | null, name: string): string {
  const known = slot?.marker?.deploymentId === observed.deploymentId ? slot.build : undefined;
  return observed.thisRun.uploaded[name] ?? known ?? NOT_UPLOADED;
}

/** What placeholders stand for in the settings of an instance. */
export function valuesFor(observed: Observed, role: Role): PlaceholderValues {
  const clones = observed.databases.map((pair) => [pair.name, cloneName(pair.name, observed.deploymentId)]);
  return {
    clones: role === 'read-only' ? Object.fromEntries(clones) : {},
    firstServer: observed.servers[0].name,
    snapshotTimestamp: snapshotTimestamp(observed),
    deploymentId: observed.deploymentId,
    role,
  };
}

/** The end of the latest snapshot interval: a blob looked up at that time is never missing. */
export function snapshotTimestamp(observed: Observed): string | undefined {
  const ends = observed.databases.map((pair) => pair.cloneTags?.completedAt);
  if (ends.length === 0 || ends.some((end) => end === undefined)) return undefined;
  return ends.reduce((latest, end) => ((end ?? '') > (latest ?? '') ? end : latest));
}
