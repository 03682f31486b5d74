import { isDeepStrictEqual } from 'node:util';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { appOfKey } from '../deployment/app-key.ts';
import { readOnlyProbesOf } from '../deployment/instance-settings.ts';
import type { Observed } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { slotNamed } from '../deployment/slots.ts';
import { isDigest } from '../deployment/stopped-jobs.ts';
import { inKey } from '../settings/database-key.ts';
import type { ExpectedAnswer } from '../settings/probes.ts';
import type { Settings } from '../settings/settings.ts';
import type { Step, StepOf } from '../steps/steps.ts';
import { azure, type Call, databaseAt, scm, serverIn, sql, tags } from './call.ts';

/** Where a plan stands when a step comes: what the steps before it will have made of settings and record. */
export interface Standing {
  readonly settings: Settings;
  /** Of the app that the step works on. */
  readonly observed: Observed;
  /** The connection strings of a slot that an earlier step has written. */
  readonly strings: (slot: string) => SlotSettings['connectionStrings'] | undefined;
  /** Why it may be found in the wanted state; undefined when it is known not to be. */
  readonly unsure: (database: string) => string | undefined;
  /** What recording these fields takes. */
  readonly record: (fields: Partial<DeploymentRecord>, onlyIf?: string) => readonly Call[];
}

/** What carrying out a step sends beside looks. The one place that says so: a test compares it with what Azure receives. */
export function callsOf(step: Step, standing: Standing): readonly Call[] {
  const { settings, observed, record } = standing;
  const slot = (name: string) =>
    `…${step.of === undefined ? '' : `/sites/${appOfKey(step.of).name}`}${name === 'production' ? '' : `/slots/${name}`}`;
  switch (step.kind) {
    case 'copy-database':
      return [azure('PUT', databaseAt(step.clone), `copy of ${step.database}`)];
    case 'restore-database':
      return [azure('PUT', databaseAt(step.target), `restore of ${step.database} as of ${step.point}`)];
    case 'prepare-restore':
      return [
        ...(step.replaces === undefined ? [] : [azure('DELETE', databaseAt(step.target), 'an earlier restore')]),
        azure('PUT', databaseAt(step.target), `restore of ${step.database} as of ${step.point}`),
      ];
    case 'await-restore':
      return [{ ...alter(step.target, 'READ_WRITE'), onlyIf: 'it comes out READ_ONLY' }];
    case 'copy-retention':
      return [
        azure('PUT', `${databaseAt(step.to)}/backupShortTermRetentionPolicies/default`, 'days of backups'),
        azure(
          'PUT',
          `${databaseAt(step.to)}/backupLongTermRetentionPolicies/default`,
          'long-term backups',
          `${step.from} has such a policy`,
        ),
      ];
    case 'move-database':
      return [azure('POST', `${databaseAt(step.from)}/move`, `renamed to ${step.to}`)];
    case 'delete-database':
      return [azure('DELETE', databaseAt(step.database), 'deleted')];
    case 'tag-clone':
      return [tags(databaseAt(step.clone), Object.keys(step.tags).join(', '))];
    case 'stamp-clone':
      return [tags(databaseAt(step.clone), 'when the copy was complete')];
    case 'remove-mirror':
    case 'remove-our-tags':
      return [tags(databaseAt(step.database), 'our tags go')];
    case 'delete-firewall-rules':
      return step.rules.map((rule) => azure('DELETE', `…${serverIn(rule)}/firewallRules/${inKey(rule).name}`, 'ours'));
    case 'hold-lock':
      return record({ lock: 'held' });
    case 'record':
    case 'intend-swap':
      return record(step.fields);
    case 'post-swap':
      return [
        azure('POST', `${slot(step.source)}/slotsswap`, 'with production'),
        ...record({}),
        azure(
          'PATCH',
          `${slot(step.source)}/config/web`,
          'a property at its value, which Azure refuses during a swap',
          'it cannot be told how the swap ended',
        ),
      ];
    case 'settle-swap':
      return [
        ...record({}),
        azure(
          'PATCH',
          `${slot(step.intent.source)}/config/web`,
          'a property at its value',
          'nothing else tells its end',
        ),
      ];
    case 'set-read-only':
      return [alter(step.database, 'READ_ONLY')];
    case 'set-read-write':
      return [{ ...alter(step.database, 'READ_WRITE'), onlyIf: standing.unsure(step.database) }];
    case 'await-quiet':
      return [
        ...(step.setReadOnly
          ? step.databases
              .filter((name) => observed.sql[name]?.readOnly !== true)
              .map((name) => alter(name, 'READ_ONLY'))
          : []),
        ...record({}, 'others stay in it and allow-other-writers is true'),
      ];
    case 'take-rollback-point':
      return record({ rollbackPoint: observed.now });
    case 'migrate':
      return record({ migrated: step.attempt });
    case 'after-start':
      return record({ afterStart: step.attempt });
    case 'add-slot-users':
      return [...originals(observed), ...observed.databases.flatMap(({ clone }) => clone?.name ?? [])].map((name) =>
        sql(`CREATE USER, ALTER ROLE in ${name}`, `for slots ${step.slots.join(', ')}`, 'it has no such user'),
      );
    case 'scale-plan': {
      const plan = observed.production.site.serverFarmId.split('/').at(-1);
      return [azure('PUT', `…/serverfarms/${plan}`, `scaled to ${step.sku}`, 'it has no room for the slots')];
    }
    case 'set-auto-swap':
      return [azure('PATCH', `${slot(step.slot)}/config/web`, `auto-swap ${step.to}`)];
    case 'set-slot-settings':
      return [azure('PUT', '…/config/slotConfigNames', 'slot settings')];
    case 'create-slot':
      return [azure('PUT', slot(step.slot), 'created')];
    case 'tag-slot':
      return [tags(slot(step.slot), 'marked as ours')];
    case 'match-config':
      return [azure('PATCH', `${slot(step.slot)}/config/web`, Object.keys(step.properties).join(', '))];
    case 'stop-slot':
      return [azure('POST', `${slot(step.slot)}/stop`, 'stopped')];
    case 'start-slot':
      return [azure('POST', `${slot(step.slot)}/start`, 'started')];
    case 'stop-webjobs':
      return [
        ...record({}, 'WebJobs run in it'),
        scm('POST', step.slot, step.of, '/api/continuouswebjobs/<name>/stop', 'stopped', 'WebJobs run in it'),
        ...[
          azure('PATCH', slot(step.slot), 'SCM stops with it'),
          azure('POST', `${slot(step.slot)}/stop`, 'stopped'),
        ].map((each) => ({ ...each, onlyIf: 'its WebJobs cannot be stopped by themselves' })),
      ];
    case 'start-webjobs':
      return step.jobs.map((job) =>
        scm('POST', step.slot, step.of, `/api/continuouswebjobs/${isDigest(job) ? '<name>' : job}/start`, 'started'),
      );
    case 'stop-app':
      return [
        azure('PATCH', `…/sites/${appOfKey(step.app).name}`, 'SCM stops with it', 'it is no Function app'),
        azure('POST', `…/sites/${appOfKey(step.app).name}/stop`, 'stopped'),
      ];
    case 'start-app':
      return [azure('POST', `…/sites/${appOfKey(step.app).name}/start`, 'started')];
    case 'write-settings':
      return settingsCalls(step, slot(step.slot), standing);
    case 'copy-build':
    case 'upload-build':
      return [publish(step.slot, step.of, 'the build'), ...whileStopped(slot(step.slot))];
    case 'empty-slot':
      return [publish(step.slot, step.of, 'one line of text in its place'), ...whileStopped(slot(step.slot))];
    case 'carry-files':
      return [
        scm('PUT', step.slot, step.of, '/api/vfs/<file>', 'kept files', `slot ${step.from} has newer ones`),
        ...[step.slot, step.from].flatMap((name) => whileStopped(slot(name))),
      ];
    case 'prove-instance':
      return step.as === 'read-only-copy' && settings.mode === 'read-only' ? proofCalls(step, standing) : [];
    case 'prove-writes':
      return probes(settings.writeProbes, observed.production.host);
    case 'check-candidate':
      return [
        ...record({ verdict: { of: '', result: 'passed', by: '' } }),
        ...(observed.record?.candidate?.role === 'live'
          ? []
          : probes(settings.writeProbes, slotNamed(observed, step.slot)?.host ?? '')),
      ];
    case 'await-copy':
    case 'await-others':
    case 'prove-sql':
    case 'watch-production':
    case 'await-database-clock':
    case 'await-late-writes':
    // What a command of the user sends, it alone knows.
    case 'tell-copy':
    case 'set-up':
    case 'keep-lost-writes':
    case 'ask-production':
    case 'check-everything':
    case 'check-again':
    case 'check-sessions':
      return [];
  }
}

function alter(database: string, state: 'READ_ONLY' | 'READ_WRITE'): Call {
  return sql(`ALTER DATABASE ${database} SET ${state}`, state === 'READ_ONLY' ? 'nobody writes' : 'opened again');
}

function publish(slot: string, app: string | undefined, what: string): Call {
  return scm('POST', slot, app, '/api/publish', what, undefined);
}

function whileStopped(slot: string): readonly Call[] {
  return ['start', 'stop'].map((verb) =>
    azure(
      'POST',
      `${slot}/${verb}`,
      'disarmed, for as long as files are written',
      'its SCM is off while it is stopped',
    ),
  );
}

function settingsCalls(step: StepOf<'write-settings'>, at: string, { observed, strings }: Standing): readonly Call[] {
  const now = strings(step.slot) ?? slotNamed(observed, step.slot)?.connectionStrings ?? {};
  const app = azure('PUT', `${at}/config/appsettings`, 'app settings');
  if (isDeepStrictEqual({ ...now }, { ...step.settings.connectionStrings })) return [app];
  const one = [azure('PUT', `${at}/config/connectionstrings`, 'connection strings'), app];
  if (step.once) return one;
  const alone = one.map((each) => ({ ...each, onlyIf: 'Azure does not take both at once' }));
  return [azure('PATCH', `${at}/config/web`, 'app settings and connection strings'), ...alone];
}

/** The copy is asked what must be refused. */
function proofCalls(step: StepOf<'prove-instance'>, { settings, observed }: Standing): readonly Call[] {
  return [
    ...probes(readOnlyProbesOf(settings), slotNamed(observed, step.slot)?.host ?? `<host of slot ${step.slot}>`),
    ...observed.databases.flatMap(({ clone, name }) =>
      sql(`CREATE TABLE zdd_write_proof in ${clone?.name ?? name}`, 'must be refused; rolled back if it is not'),
    ),
  ];
}

function probes(expected: readonly ExpectedAnswer[], host: string): readonly Call[] {
  return expected
    .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    .map(({ method, path, status }) => ({
      to: 'app',
      call: `${method} ${path} at ${host}`,
      what: `must answer ${status}`,
    }));
}
