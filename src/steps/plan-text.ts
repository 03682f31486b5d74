import { buildText } from '../deployment/build.ts';
import { type Look, wholeOf } from '../deployment/partial-look.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { slotNamed } from '../deployment/slots.ts';
import { settingsChange } from './settings-change.ts';
import type { Plan, Step } from './steps.ts';

/** The step as one sentence: what, to what, and why. */
export function sentence(step: Step): string {
  return `${step.of === undefined ? '' : `${step.of}: `}${deed(step)}, because ${step.because}.`;
}

/**
 * A plan as text: a line a step, numbered by batch. An empty plan says so.
 * @param look what it was made from: with it, settings that change are named.
 */
export function planText(plan: Plan, look?: Look): string {
  if (plan.length === 0) return 'Nothing to do.';
  return plan
    .flatMap((batch, index) => batch.map((step) => `${String(index + 1).padStart(2)}. ${planned(step, look)}`))
    .join('\n');
}

/** The step as one sentence, before anything is done, with what it would change. */
export function planned(step: Step, look?: Look): string {
  const whole = look && wholeOf(look);
  if (step.kind !== 'write-settings' || whole === undefined) return sentence(step);
  const companion = whole.companions.find(({ key }) => key === step.of);
  const slot = slotNamed(companion?.look ?? whole, step.slot);
  return `${sentence(step)} Against now: ${settingsChange(slot, step.settings)}.`;
}

function deed(step: Step): string {
  switch (step.kind) {
    case 'copy-database':
      return `Copy database ${step.database} to ${step.clone}`;
    case 'await-copy':
      return `Wait until the copy ${step.clone} is online`;
    case 'tag-clone':
      return `Tag ${step.clone} with ${Object.keys(step.tags).join(', ')}`;
    case 'stamp-clone':
      return `Record when ${step.clone} was complete`;
    case 'hold-lock':
      return 'Turn the claim into the held lock';
    case 'await-others':
      return `Wait until the later claims ${step.claims.join(', ')} are gone`;
    case 'record':
      return Object.keys(step.fields).length === 0 ? 'Complete the record' : `Record ${recorded(step.fields)}`;
    case 'remove-mirror':
      return `Remove the mirror of the record from ${step.database}`;
    case 'set-read-only':
      return `Set database ${step.database} READ_ONLY`;
    case 'set-read-write':
      return `Set database ${step.database} READ_WRITE`;
    case 'prove-sql':
      return `Prove SQL access to ${step.databases.join(', ')}`;
    case 'scale-plan':
      return `Scale the App Service plan up to ${step.sku} unless it has room for ${step.slots} more slots`;
    case 'set-auto-swap':
      return `Turn auto-swap of slot ${step.slot} ${step.to}`;
    case 'set-slot-settings': {
      const names = [...step.appSettings, ...step.connectionStrings].join(', ');
      return step.to === 'on' ? `Make slot settings of ${names}` : `Let ${names} travel with their builds`;
    }
    case 'create-slot':
      return `Create slot ${step.slot}`;
    case 'add-slot-users':
      return `Make a database user for the identity of ${step.slots.map((slot) => `slot ${slot}`).join(' and ')} where it is missing`;
    case 'tag-slot':
      return `Tag slot ${step.slot} as ours`;
    case 'match-config':
      return `Give slot ${step.slot} the configuration ${Object.keys(step.properties).join(', ')}`;
    case 'stop-slot':
      return `Stop slot ${step.slot}`;
    case 'start-slot':
      return `Start slot ${step.slot}`;
    case 'stop-webjobs':
      return `Stop the WebJobs of slot ${step.slot}`;
    case 'start-webjobs':
      return `Start the WebJobs ${step.jobs.join(', ')} of slot ${step.slot}`;
    case 'stop-app':
      return `Stop app ${step.app}`;
    case 'start-app':
      return `Start app ${step.app}`;
    case 'write-settings':
      return `Write ${Object.keys(step.settings.appSettings).length} app settings and ${Object.keys(step.settings.connectionStrings).length} connection strings to slot ${step.slot}`;
    case 'copy-build':
      return `Copy production's build to slot ${step.slot}`;
    case 'upload-build':
      return `Upload ${buildText(step.build)} to slot ${step.slot}`;
    case 'carry-files':
      return `Carry the files in ${step.folders.join(', ')} from slot ${step.from} to slot ${step.slot}`;
    case 'empty-slot':
      return `Empty slot ${step.slot}`;
    case 'prove-instance':
      return `Prove the ${step.as === 'read-only-copy' ? 'read-only copy' : 'candidate'} in slot ${step.slot}`;
    case 'intend-swap':
      return `Record the intent to swap slot ${step.source} with production${Object.keys(step.fields).length > 0 ? `, ${recorded(step.fields)}` : ''}`;
    case 'post-swap':
      return `Swap slot ${step.source} with production`;
    case 'settle-swap':
      return `Find out how swap ${step.intent.number} ended`;
    case 'watch-production':
      return `Watch production for ${step.seconds} s${step.tentative ? ' meanwhile' : ''}`;
    case 'await-quiet':
      return `Wait until ${step.databases.join(', ')} ${step.databases.length > 1 ? 'are' : 'is'} quiet${step.setReadOnly ? ', then set READ_ONLY' : ''}${step.watching ? ', watching production meanwhile' : ''}`;
    case 'take-rollback-point':
      return `Take the rollback point from ${step.databases.join(', ')}`;
    case 'await-database-clock':
      return `Wait until the clock of ${step.databases.join(', ')} has passed ${step.until}`;
    case 'await-late-writes':
      return 'Wait a minute for what a run that was cut off may have sent last';
    case 'tell-copy':
      return 'Run copy-command on this runner';
    case 'set-up':
      return 'Run setup-command on this runner';
    case 'after-start':
      return `Run after-start-command for attempt ${step.attempt}`;
    case 'migrate':
      return `Run migrate-command for attempt ${step.attempt}`;
    case 'ask-production':
      return 'Ask production as a visitor does';
    case 'check-everything':
      return 'Check everything that the later phases need';
    case 'check-again':
      return `Check again what "${step.phase}" needs`;
    case 'check-candidate':
      return `Check the candidate in slot ${step.slot}`;
    case 'prove-writes':
      return 'Write something harmless as visitors do';
    case 'check-sessions':
      return `Check whose sessions the originals have`;
    case 'restore-database':
      return `Restore ${step.database} as of ${step.point} to ${step.target}`;
    case 'prepare-restore':
      return `${step.replaces === undefined ? 'Begin' : `Delete ${step.target}, and begin`} to restore ${step.database} as of ${step.point} to ${step.target}`;
    case 'await-restore':
      return `Wait until ${step.target} is restored, online and read-write`;
    case 'copy-retention':
      return `Copy the backup retention policies of ${step.from} to ${step.to}`;
    case 'move-database':
      return `Rename database ${step.from} to ${step.to}`;
    case 'keep-lost-writes':
      return `Write what visitors wrote to the copies to ${step.path}`;
    case 'delete-database':
      return `Delete database ${step.database}`;
    case 'remove-our-tags':
      return `Remove our tags from database ${step.database}`;
    case 'delete-firewall-rules':
      return `Delete the firewall rules ${step.rules.join(', ')} that we opened`;
  }
}

function recorded(fields: Partial<DeploymentRecord>): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const words = WORDS[name] ?? name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return value === undefined ? `no ${words}` : (severalParts(fields, name) ?? `${words} ${value}`);
    })
    .join(', ');
}

const WORDS: Readonly<Record<string, string>> = {
  before: 'production as it was',
  migrated: 'migration of attempt',
  afterStart: 'after-start-command of attempt',
  stoppedJobs: 'stopped WebJobs',
  visitorsOnOriginalSince: 'visitors on the originals since',
};

/** A field of several parts, in words. */
function severalParts(fields: Partial<DeploymentRecord>, name: string): string | undefined {
  const { candidate, rollbackUnderWay: rollback, verdict, stoppedJobs, stoppedApps, readOnlyReady } = fields;
  if (name === 'readOnlyReady') return readOnlyReady && `read only ready ${readOnlyReady.at}`;
  if (name === 'candidate') return candidate && `candidate: ${candidate.role} build in slot ${candidate.slot}`;
  if (name === 'rollbackUnderWay')
    return rollback && `rollback of ${rollback.scope} under way, databases ${rollback.databases}`;
  if (name === 'verdict') return verdict && `verdict ${verdict.result}`;
  if (name === 'migrated' && fields.migrated === 0) return 'migration not done yet';
  if (name === 'afterStart' && fields.afterStart === 0) return 'after-start-command not done yet';
  if (name === 'stoppedApps') return stoppedApps && `stopped apps ${stoppedApps.join(', ')}`;
  return name === 'stoppedJobs' ? stoppedJobs && `stopped WebJobs ${stoppedJobs.join(', ')}` : undefined;
}
