import { appKey } from '../deployment/app-key.ts';
import { RUN_FROM_PACKAGE } from '../deployment/build-source.ts';
import { isUnchanged, placeholderProblem } from '../deployment/placeholders.ts';
import { profileOf } from '../profiles/profiles.ts';
import { inKey } from '../settings/database-key.ts';
import { type PhaseName, traitsOf } from '../settings/phases.ts';
import type { AppSettings, KeyValue, Settings } from '../settings/settings.ts';

/** Inputs that are right one by one and cannot be meant together: a sentence for each, naming inputs, values and what is allowed. */
export function contradictions(settings: Settings): readonly string[] {
  const { phases } = settings;
  // A phase that was not understood is complained about already.
  const has = (name: PhaseName) => phases.length === 0 || phases.includes(name);
  const found: (string | false | undefined)[] = [
    settings.mode === 'read-write' &&
      !settings.acceptDataLoss &&
      'Input mode is "read-write" and accept-data-loss is "false": what visitors write meanwhile is lost. Allowed: accept-data-loss "true", or mode "read-only".',
    settings.mode === 'read-write' &&
      phases.includes('read-only') &&
      !profileOf(settings.profile).turnsOffBackgroundWork &&
      settings.readonlySettings.length === 0 &&
      `Input mode is "read-write", and profile "${settings.profile}" has no setting of its own that turns off background work. Allowed: readonly-settings that does.`,
    settings.cloneElasticPool !== undefined &&
      settings.cloneServiceObjective !== undefined &&
      `Input clone-elastic-pool is "${settings.cloneElasticPool}" and clone-service-objective is "${settings.cloneServiceObjective}": a database in a pool has the pool's size. Allowed: one of the two.`,
    settings.image !== undefined &&
      (settings.package ?? settings.packageUrl) !== undefined &&
      `Inputs image and package are both given: a build is one or the other. Allowed: image for an app that runs a container, package for every other.`,
    settings.packageUrl !== undefined &&
      settings.appSettings.some(({ name }) => name.toUpperCase() === RUN_FROM_PACKAGE) &&
      `Input package is a URL, and app-settings names ${RUN_FROM_PACKAGE}, which it becomes. Allowed: one of the two.`,
    settings.otherApps.some((app) => appKey(app) === appKey({ ...settings, name: settings.appName })) &&
      `Input other-apps names ${settings.appName}, which is the app itself. Allowed: other apps on the same databases.`,
    settings.readonlySlot.toLowerCase() === settings.stagingSlot.toLowerCase() &&
      `Inputs readonly-slot and staging-slot are both "${settings.readonlySlot}". Allowed: two different slots.`,
    settings.releaseSlotSettings.length > 0 &&
      settings.swapClientId !== undefined &&
      'Inputs release-slot-settings and swap-client-id are both given: who changes slot settings can change what production connects to, past every approval. Allowed: one of the two.',
    ...settings.pauseAutoSwap.map(
      (slot) =>
        [settings.readonlySlot, settings.stagingSlot].some((ours) => ours.toLowerCase() === slot.toLowerCase()) &&
        `Input pause-auto-swap names "${slot}", which is a slot of the action. Allowed: other slots, which your team goes on using.`,
    ),
    settings.rollbackPoint !== undefined &&
      !has('rollback') &&
      `Input rollback-point is "${settings.rollbackPoint}" with phase "${phases.join(',')}". Allowed: only with phase rollback.`,
    settings.rollbackPoint !== undefined &&
      settings.rollbackScope !== 'code-and-database' &&
      `Input rollback-point is "${settings.rollbackPoint}" and rollback-scope is "${settings.rollbackScope}", which ${settings.rollbackScope === 'code' ? 'leaves' : 'may leave'} the database as it is. Allowed: rollback-scope "code-and-database".`,
    settings.noDatabaseRollback &&
      settings.rollbackScope === 'code-and-database' &&
      'Input no-database-rollback is "true" and rollback-scope is "code-and-database". Allowed: rollback-scope "code" or "auto".',
    settings.noDatabaseRollback &&
      settings.prepareRollback &&
      'Inputs no-database-rollback and prepare-rollback are both "true", and databases that are never restored need no restore. Allowed: one of the two.',
    settings.ignoreSchema &&
      settings.rollbackScope === 'code-and-database' &&
      'Input ignore-schema is "true" and rollback-scope is "code-and-database", which brings the old schema back. Allowed: ignore-schema only with rollback-scope "code".',
    settings.overrideValidation !== undefined &&
      !has('complete') &&
      `Input override-validation is given with phase "${phases.join(',')}". Allowed: only with phase complete.`,
    ...(
      [
        ['setup', settings.setupCommand, settings.setupEnv],
        ['copy', settings.copyCommand, settings.copyEnv],
        ['migrate', settings.migrateCommand, settings.migrateEnv],
        ['after-start', settings.afterStartCommand, settings.afterStartEnv],
        ['hook', settings.hooks.command, settings.hookEnv],
      ] as const
    ).map(
      ([name, command, env]) =>
        command === undefined &&
        env.length > 0 &&
        `Input ${name}-env is given and ${name}-command is not. Allowed: both, or ${name}-command alone.`,
    ),
    settings.onWindowExceeded !== undefined &&
      settings.maxReadOnlyMinutes === undefined &&
      `Input on-window-exceeded is "${settings.onWindowExceeded}" and max-read-only-minutes is empty. Allowed: both, or max-read-only-minutes alone.`,
    settings.hooks.secret !== undefined &&
      !settings.hooks.webhooks.some(({ form }) => form === 'json') &&
      'Input hook-secret is given, and no line of hooks begins with json, which alone is signed. Allowed: both, or neither.',
    settings.commandsSignIn &&
      settings.identity.oidc === undefined &&
      settings.identity.clientSecret === undefined &&
      'Input commands-sign-in is "true", and this job has nothing to sign in with. Allowed: `permissions: id-token: write`, or a client secret; commands see the session of azure/login without it.',
    settings.deploymentId === 'open' &&
      phases.some((name) => traitsOf[name].claims) &&
      'Input deployment-id is "open" with phase clone, which opens a deployment. Allowed: an id of your own, or none.',
    ...settings.writeProbes.map(({ method, path, status }) => {
      const both = settings.readOnlyProbes?.some(
        (probe) =>
          probe.method === method && probe.path === path && probe.status === status && probe.shows === undefined,
      );
      return (
        both &&
        `Inputs read-only-probes and write-probes both expect ${status} of ${method} ${path}, which then shows nothing. Allowed: another status in one of them.`
      );
    }),
    settings.sqlAccess.kind === 'connection-string' && wrongServer(settings),
    ...serversOfDatabases(settings),
    ...[settings, ...Object.values(settings.ofApps)].flatMap((own) => ofApp(own, settings.databases)),
  ];
  return [...new Set(found.filter((sentence): sentence is string => typeof sentence === 'string'))];
}

/** What is said of one app. */
function ofApp(settings: AppSettings, databases: Settings['databases']): readonly (string | false | undefined)[] {
  return [
    ...placeholders('readonly-settings', settings.readonlySettings, databases),
    ...placeholders(
      'clone-connection-settings',
      settings.cloneConnectionSettings.filter(({ value }) => !isUnchanged(value)),
      databases,
    ),
    ...[...settings.appSettings, ...settings.newConnectionStrings].map(({ name, value }) => {
      const problem = placeholderProblem(value, ['deployment-id', 'role']);
      return problem && `Input app-settings, ${name}: ${problem}.`;
    }),
    ...settings.cloneConnectionSettings.map(({ name }) => {
      const also = settings.readonlySettings.some((each) => each.name.toLowerCase() === name.toLowerCase());
      return (
        also && `Inputs readonly-settings and clone-connection-settings both set ${name}. Allowed: one of the two.`
      );
    }),
    ...settings.readonlySettings.map(
      ({ name }) =>
        /^connection-string:/i.test(name) &&
        `Input readonly-settings sets ${name}, which would be an app setting of that name. Allowed: the same line in clone-connection-settings, which makes a connection string of it.`,
    ),
    ...reserved('readonly-settings', settings.readonlySettings),
    ...reserved('clone-connection-settings', settings.cloneConnectionSettings),
    ...reserved('app-settings', settings.appSettings),
  ];
}

function wrongServer(settings: Settings): string | undefined {
  const { sqlAccess, sqlServers } = settings;
  if (sqlAccess.kind !== 'connection-string' || sqlAccess.host === undefined || sqlServers.length === 0)
    return undefined;
  const names = sqlServers.map(({ name }) => name.toLowerCase());
  const isOne = names.length === 1;
  const { host } = sqlAccess;
  if (isOne && (host === 'localhost' || host.split('.')[0] === names[0])) return undefined;
  return `Input sql-access names the server "${host}" and sql-server names "${names.join(', ')}". Allowed: ${isOne ? 'the same server, or ' : ''}a connection string without a server.`;
}

/** Each database with several servers says on which of them it lies. */
function serversOfDatabases({ sqlServers, databases = [] }: Settings): readonly string[] {
  const known = sqlServers.map(({ name }) => name.toLowerCase());
  const named = databases.flatMap((key) => inKey(key).server ?? []);
  const servers = known.length > 0 ? known : [...new Set(named)];
  const bare = databases.filter((key) => inKey(key).server === undefined);
  const strange = named.find((name) => known.length > 0 && !known.includes(name));
  return [
    ...(strange === undefined
      ? []
      : [
          `Input databases names server "${strange}" and sql-server names "${known.join(', ')}". Allowed: databases of these servers, or no sql-server.`,
        ]),
    ...(bare.length > 0 && (servers.length > 1 || (known.length === 0 && named.length > 0))
      ? [
          `Input databases names "${bare.join(', ')}" without a server beside databases of ${servers.join(', ')}. Allowed: <server>/<database> for each.`,
        ]
      : []),
  ];
}

function placeholders(input: string, settings: readonly KeyValue[], databases: readonly string[] | undefined) {
  return settings.map(({ name, value }) => {
    const problem = placeholderProblem(value, ['clone-database', 'snapshot-timestamp', 'deployment-id', 'role']);
    if (problem !== undefined) return `Input ${input}, ${name}: ${problem}.`;
    const unnamed = /\{\{\s*clone-database\s*\}\}/.test(value) && (databases?.length ?? 0) > 1;
    return unnamed && `Input ${input}, ${name}: with several databases write {{clone-database:NAME}}.`;
  });
}

/** The marker and the build are the action's own: a wrong one would send visitors to the wrong instance. */
const RESERVED = /^(ZDD_INSTANCE|ZDD_BUILD|ZDD_COPIED_FROM)$/i;

function reserved(input: string, settings: readonly KeyValue[]): readonly (string | false)[] {
  return settings.map(
    ({ name }) =>
      RESERVED.test(name) && `Input ${input} sets ${name}, which the action itself sets. Allowed: any other name.`,
  );
}
