import { isAbsolute, join } from 'node:path';
import { SKUS } from '../deployment/plan-sizes.ts';
import { Stop } from '../errors.ts';
import type { SqlServerName } from '../settings/azure.ts';
import { askedScopes, modes, profileNames } from '../settings/choices.ts';
import { byKey } from '../settings/database-key.ts';
import { traitsOf } from '../settings/phases.ts';
import type { RecordedInputs } from '../settings/recorded.ts';
import { defaultsOfRecorded } from '../settings/recorded.ts';
import type { Settings } from '../settings/settings.ts';
import { windowPolicies } from '../settings/window-limit.ts';
import { appSettings } from './app-settings.ts';
import { azureEnvironment, identity, sqlLogin } from './azure.ts';
import { contradictions } from './contradictions.ts';
import { clockRate, githubContext } from './github.ts';
import { hookSettings } from './hooks.ts';
import { headers, listOf, variables } from './lists.ts';
import * as names from './names.ts';
import { otherApps } from './other-apps.ts';
import { phaseList } from './phase-list.ts';
import { expectedAnswers, versionSource } from './probes.ts';
import type { Environment, Reader } from './reader.ts';
import { inputReader, Wrong } from './reader.ts';
import { anyText, boolean, folder, instant, line, oneOf, statuses, urlPath, wholeNumber } from './scalars.ts';
import { unknownInputs } from './unknown.ts';

export { secretsOf } from './secrets.ts';

/**
 * Reads every input at once. A pure function of the environment, apart from asking whether a package is there.
 * Mask `secretsOf(environment)` first.
 * @param isFile whether there is a file at an absolute path.
 * @throws Stop `bad-input` that names everything that is unknown, wrong, missing or contradicting, with what is allowed.
 */
export function readSettings(environment: Environment, isFile: (path: string) => boolean): Settings {
  const reader = inputReader(environment);
  for (const sentence of unknownInputs(environment)) reader.complain(sentence);
  const settings = readAll(reader, environment);
  for (const sentence of contradictions(settings)) reader.complain(sentence);
  for (const sentence of missingPackages(reader, settings, isFile)) reader.complain(sentence);
  if (reader.complaints.length > 0) {
    throw new Stop('bad-input', reader.complaints.join('\n'), 'Nothing was done. Correct the inputs and run again.');
  }
  return settings;
}

function readAll(reader: Reader, environment: Environment): Settings {
  const { optional, required } = reader;
  const given = readRecorded(reader);
  const github = githubContext(reader, environment);
  const others =
    optional('other-apps', otherApps(reader.text('resource-group') ?? '', github.workspace), { secret: true }) ?? [];
  const azure = required('azure-environment', azureEnvironment, { kind: 'public' });
  return {
    ...defaultsOfRecorded,
    ...given,
    given,
    phases: required('phase', phaseList, []),
    dryRun: required('dry-run', boolean, false),
    deploymentId: optional('deployment-id', names.deploymentId),
    resourceGroup: required('resource-group', names.resourceGroupName, ''),
    appName: required('app-name', names.appName, ''),
    sqlServers: optional('sql-server', sqlServers) ?? [],
    adoptSlots: required('adopt-slots', boolean, false),
    slotUsers: required('slot-users', boolean, false),
    planSku: optional('plan-sku', planSku),
    pauseAutoSwap: optional('pause-auto-swap', listOf(names.slotName)) ?? [],
    releaseSlotSettings: optional('release-slot-settings', listOf(settingName)) ?? [],
    acceptDataLoss: required('accept-data-loss', boolean, false),
    ...appSettings(reader, others),
    cloneServiceObjective: optional('clone-service-objective', names.serviceObjective),
    cloneElasticPool: optional('clone-elastic-pool', names.elasticPoolName),
    ...packageInput(github.workspace, reader.text('package')),
    image: optional('image', names.image),
    sameBuild: required('same-build', boolean, false),
    currentPackage: within(github.workspace, reader.text('current-package')),
    keepFiles: optional('keep-files', foldersOrNone),
    migrateCommand: optional('migrate-command', anyText),
    setupCommand: optional('setup-command', anyText),
    copyCommand: optional('copy-command', anyText),
    afterStartCommand: optional('after-start-command', anyText),
    setupEnv: optional('setup-env', variables, { secret: true }) ?? [],
    copyEnv: optional('copy-env', variables, { secret: true }) ?? [],
    migrateEnv: optional('migrate-env', variables, { secret: true }) ?? [],
    afterStartEnv: optional('after-start-env', variables, { secret: true }) ?? [],
    ...hookSettings(reader, azure),
    commandsSignIn: required('commands-sign-in', boolean, false),
    migrateTimeout: required('migrate-timeout', wholeNumber(10, 21_600), 0),
    rollbackScope: required('rollback-scope', oneOf(askedScopes), 'code'),
    rollbackPoint: optional('rollback-point', instant),
    noDatabaseRollback: required('no-database-rollback', boolean, false),
    prepareRollback: required('prepare-rollback', boolean, false),
    warmUpStatuses: optional('warm-up-statuses', statuses),
    healthTimeout: required('health-timeout', wholeNumber(10, 7200), 0),
    reviewPaths: optional('review-paths', listOf(urlPath)) ?? [],
    readOnlyProbes: optional('read-only-probes', expectedAnswers),
    writeProbes: optional('write-probes', expectedAnswers) ?? [],
    probeHeaders: optional('probe-headers', headers, { secret: true }) ?? [],
    expectedVersion: optional('expected-version', line(200)),
    versionSource: required('version-source', versionSource, { kind: 'body', path: '/version' }),
    schemaVersionQuery: optional('schema-version-query', anyText),
    ignoreSchema: required('ignore-schema', boolean, false),
    overrideValidation: optional('override-validation', line(200)),
    maxErrors: required('max-errors', wholeNumber(0, 1000), 0),
    drainSeconds: required('drain-seconds', wholeNumber(5, 3600), 0),
    soakSeconds: required('soak-seconds', wholeNumber(0, 7200), 0),
    swapSettleSeconds: required('swap-settle-seconds', wholeNumber(30, 1800), 0),
    swapTimeout: required('swap-timeout', wholeNumber(60, 14_400), 0),
    switchTimeout: required('switch-timeout', wholeNumber(0, 14_400), 0),
    allowOtherWriters: required('allow-other-writers', boolean, false),
    acceptUnseenCopy: required('accept-unseen-copy', boolean, false),
    otherApps: others,
    keepLiveBuild: required('keep-live-build', boolean, false),
    storageAccount: optional('storage-account', names.storageAccountName),
    lostWritesFile: within(github.workspace, reader.text('lost-writes-file')),
    maxReadOnlyMinutes: optional('max-read-only-minutes', wholeNumber(1, 43_200)),
    onWindowExceeded: optional('on-window-exceeded', oneOf(windowPolicies)),
    githubDeployment: optional('github-deployment', line(255)),
    openFirewall: optional('open-firewall', boolean),
    swapClientId: optional('swap-client-id', names.guid),
    sqlAccess: optional('sql-access', sqlLogin, { secret: true }) ?? { kind: 'token' },
    azureEnvironment: azure,
    identity: identity(reader, environment),
    github,
    commentOnPullRequest: required('comment-on-pull-request', pullRequest, false),
    clockRate: clockRate(reader, environment, azure),
  };
}

/** What `clone` records: only what was really given, so that a contradiction to the record is seen later. */
function readRecorded(reader: Reader): Partial<RecordedInputs> {
  const read: Record<keyof RecordedInputs, unknown> = {
    mode: reader.optional('mode', oneOf(modes)),
    profile: reader.optional('profile', oneOf(profileNames)),
    readonlySlot: reader.optional('readonly-slot', names.slotName),
    stagingSlot: reader.optional('staging-slot', names.slotName),
    databases: reader.optional('databases', databases),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

function pullRequest(value: string): boolean | number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  if (value !== 'true' && value !== 'false') throw new Wrong('true, false, or the number of a pull request');
  return boolean(value);
}

/** In order, whatever the language of the runner. */
function databases(value: string): readonly string[] {
  return [...listOf(names.databaseKey)(value)].sort(byKey);
}

function sqlServers(value: string): readonly SqlServerName[] {
  return listOf((entry) => entry)(value).map(names.sqlServer);
}

function planSku(value: string): string {
  return oneOf(SKUS)(value.toUpperCase());
}

function settingName(value: string): string {
  if (!/^[A-Za-z0-9._:-]+$/.test(value)) throw new Wrong('names of settings: letters, digits and . _ : - only');
  return value;
}

/** A URL is kept as it is; everything else is a path. */
function packageInput(workspace: string, given: string | undefined): Pick<Settings, 'package' | 'packageUrl'> {
  const isUrl = given !== undefined && /^https?:/i.test(given);
  return { package: isUrl ? undefined : within(workspace, given), packageUrl: isUrl ? given : undefined };
}

function within(workspace: string, path: string | undefined): string | undefined {
  return path === undefined || isAbsolute(path) ? path : join(workspace, path);
}

function missingPackages(reader: Reader, settings: Settings, isFile: (path: string) => boolean): readonly string[] {
  if (!settings.phases.some((phase) => traitsOf[phase].readsPackage)) return [];
  return (['package', 'current-package'] as const).flatMap((input) => {
    const given = reader.text(input);
    if (input === 'package' && settings.packageUrl !== undefined) {
      return URL.canParse(settings.packageUrl) && /^https:/i.test(settings.packageUrl)
        ? []
        : ['Input package is no URL that begins with https://. Allowed: such a URL, or the path of a .zip file.'];
    }
    const path = within(settings.github.workspace, given);
    if (path === undefined) return [];
    if (!/\.zip$/i.test(path)) return [`Input ${input} is "${given}". Allowed: the path of a .zip file.`];
    return isFile(path)
      ? []
      : [
          `Input ${input} is "${given}", and there is no file ${path}. Allowed: the path of a .zip file in the workspace.`,
        ];
  });
}

function foldersOrNone(value: string): readonly string[] {
  return value.trim().toLowerCase() === 'none' ? [] : listOf(folder)(value);
}
