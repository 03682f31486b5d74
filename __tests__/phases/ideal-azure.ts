import type { SlotSettings } from '../../src/azure/slot-settings.ts';
import { buildId } from '../../src/deployment/build.ts';
import { claimTags } from '../../src/deployment/claim.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import { companionSettings, focusOn } from '../../src/deployment/companions.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { type DeploymentRecord, isMirrored } from '../../src/deployment/record.ts';
import { lackingTags, recordTags } from '../../src/deployment/record-tags.ts';
import type { ThisRun } from '../../src/deployment/this-run.ts';
import { candidateFingerprint } from '../../src/deployment/verdict.ts';
import { Stop } from '../../src/errors.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { done, knownAfter } from '../../src/steps/done.ts';
import type { Step, StepOf } from '../../src/steps/steps.ts';
import { consequences, nextIntent, settledOf } from '../../src/swap/intent.ts';
import { database, ID, slot } from './observed.ts';
import { type Held, instant, type Picture } from './picture.ts';
import {
  moved,
  slotIn,
  started,
  swapped,
  tagged,
  withApp,
  withDatabase,
  withJobs,
  withSchema,
  withSlot,
  withTags,
} from './picture-changes.ts';

/** What Azure does that is not asked of it. */
export interface Weather {
  /** Production is ill while it is watched. */
  readonly ill?: boolean;
  /** What is started where nobody is on it does not become healthy. */
  readonly dead?: boolean;
  /** Swaps end in an error and change nothing. */
  readonly swapsFail?: boolean;
  /** The candidate fails a check. */
  readonly faulty?: boolean;
}

export interface Scene {
  readonly picture: Picture;
  readonly thisRun: ThisRun;
  /** What was seen before the batch. */
  readonly observed: Observed;
  readonly settings: Settings;
  readonly weather: Weather;
}

type After = Pick<Scene, 'picture' | 'thisRun'>;

/** What is there after a step that works, and what the run knows then: an ideal Azure, for plans only. */
export function idealStep(scene: Scene, step: Step): After {
  const { picture, observed, settings } = scene;
  const companion = observed.companions.find(({ key }) => key === step.of);
  const own = picture.companions?.[step.of ?? ''];
  if (companion === undefined || own === undefined) return ofOneApp(scene, step);
  const { production, slots, jobsOff } = own;
  const after = ofOneApp(
    {
      ...scene,
      picture: { ...picture, production, slots, jobsOff },
      observed: focusOn(observed, companion),
      settings: companionSettings(settings, companion.key),
    },
    step,
  );
  const its = {
    ...own,
    production: after.picture.production,
    slots: after.picture.slots,
    jobsOff: after.picture.jobsOff,
  };
  return {
    thisRun: after.thisRun,
    picture: {
      ...after.picture,
      production: picture.production,
      slots: picture.slots,
      jobsOff: picture.jobsOff,
      companions: { ...picture.companions, [companion.key]: its },
    },
  };
}

/** @param scene that of the app on which the step works */
function ofOneApp(scene: Scene, step: Step): After {
  const { picture, thisRun } = scene;
  const later = { ...picture, second: picture.second + 7 };
  const knows = (news: Partial<ThisRun>, shown: Picture = later): After => ({
    picture: shown,
    thisRun: knownAfter(thisRun, step, news),
  });
  const shows = (shown: Picture) => knows({}, shown);
  const changed = (name: string, differences: Partial<Slot>) =>
    shows(withSlot(later, slot(name, { ...slotIn(later, name), ...differences })));
  switch (step.kind) {
    case 'copy-database':
      return knows({ copies: { [step.clone]: 'accepted' } }, copied(scene, later, step));
    case 'await-copy':
    case 'await-others':
    case 'delete-firewall-rules':
      return shows(later);
    case 'tag-clone':
      return shows(tagged(later, step.clone, step.tags));
    case 'stamp-clone':
      return shows(tagged(later, step.clone, cloneTags({ completedAt: instant(later) })));
    case 'hold-lock':
      return shows(recorded(scene, later, { lock: 'held' }));
    case 'record':
      return knows(
        step.fields.attempt === undefined ? {} : { begun: step.fields.attempt },
        recorded(scene, later, step.fields),
      );
    case 'remove-mirror':
    case 'remove-our-tags':
      return shows(withDatabase(later, step.database, (held) => withTags(held, () => false)));
    case 'set-read-only':
      return shows(withDatabase(later, step.database, (held) => ({ ...held, isReadOnly: true })));
    case 'set-read-write':
      return shows(withDatabase(later, step.database, (held) => ({ ...held, isReadOnly: false })));
    case 'prove-sql':
      return knows(done(step));
    case 'check-again':
      return knows(done(step), picture);
    case 'set-auto-swap':
    case 'set-slot-settings':
      return shows(later);
    case 'scale-plan':
      return knows(done(step));
    case 'create-slot':
      return shows(
        withSlot(later, slot(step.slot, { appSettings: {}, connectionStrings: {}, travelling: { nodeVersion: null } })),
      );
    case 'add-slot-users':
      return knows(done(step));
    case 'tag-slot':
      return changed(step.slot, { tags: step.tags });
    case 'match-config':
      return changed(step.slot, { travelling: { ...slotIn(later, step.slot).travelling, ...step.properties } });
    case 'stop-slot':
      return changed(step.slot, { state: 'Stopped' });
    case 'start-slot':
      return knows(done(step), started(later, step.slot));
    case 'stop-webjobs': {
      const known = scene.observed.record?.stoppedJobs ?? [];
      const off = withJobs(later, step.slot, false);
      const isNews = step.of === undefined && known.length === 0 && !later.jobsOff.includes(step.slot);
      return knows(done(step), isNews ? recorded(scene, off, { stoppedJobs: ['stock'] }) : off);
    }
    case 'start-webjobs':
      return knows(done(step), withJobs(later, step.slot, true));
    case 'stop-app':
    case 'start-app':
      return knows(done(step), withApp(later, step.app, step.kind === 'stop-app' ? 'Stopped' : 'Running'));
    case 'write-settings':
      return changed(step.slot, settingsOf(step.settings));
    case 'copy-build':
      return knows({ uploaded: { [step.slot]: 'a'.repeat(64) } }, withJobs(later, step.slot, true));
    case 'upload-build':
      return knows({ uploaded: { [step.slot]: buildId(step.build) } }, withJobs(later, step.slot, true));
    case 'carry-files':
      return knows(done(step), later);
    case 'empty-slot':
      return knows(done(step), withJobs(later, step.slot, true));
    case 'prove-instance': {
      if (step.as === 'started' && scene.weather.dead) {
        const stop = new Stop('failed', `Slot ${step.slot} did not become healthy.`, 'Look at its log.');
        return knows({ didNotStart: { slot: step.slot, stop } });
      }
      const proof = { [step.slot]: slotIn(later, step.slot).markerText };
      return step.as === 'started' ? knows({ started: proof }) : knows({ proven: proof });
    }
    case 'intend-swap':
      return knows(...intended(scene, later, step));
    case 'post-swap': {
      const ended = scene.weather.swapsFail
        ? { code: 'CannotSwap', message: 'The instance did not warm up.', requestId: '', status: 409 }
        : ('succeeded' as const);
      const number = scene.observed.record?.intent?.number ?? 0;
      return knows({ posted: { number, ended } }, scene.weather.swapsFail ? later : swapped(later, step.source));
    }
    case 'settle-swap': {
      const { number, sourceMarker } = step.intent;
      const happened = later.production.markerText === sourceMarker;
      return knows(
        { settled: { number, outcome: happened ? 'happened' : 'did-not-happen' } },
        recorded(
          scene,
          later,
          step.of === undefined
            ? consequences(step.intent, happened ? instant(later) : undefined)
            : settledOf(step.intent),
        ),
      );
    }
    case 'watch-production':
      if (step.tentative && scene.weather.ill) return knows({});
      return knows({
        watched: {
          purpose: step.purpose,
          marker: later.production.markerText,
          healthy: scene.weather.ill !== true,
          why: scene.weather.ill ? 'GET / answered 500' : '',
        },
      });
    case 'await-quiet':
      return knows(
        done(step),
        step.setReadOnly
          ? step.databases.reduce(
              (shown, name) => withDatabase(shown, name, (held) => ({ ...held, isReadOnly: true })),
              later,
            )
          : later,
      );
    case 'take-rollback-point':
      return shows(recorded(scene, later, { rollbackPoint: instant(later).replace('Z', '0000Z') }));
    case 'await-database-clock':
    case 'await-late-writes':
      return knows(done(step));
    case 'set-up':
    case 'tell-copy':
      return knows(done(step));
    case 'after-start':
      return shows(recorded(scene, later, { afterStart: step.attempt }));
    case 'migrate':
      return shows(recorded(scene, withSchema(later, '2'), { migrated: step.attempt }));
    case 'ask-production':
      return knows({ production: '' });
    case 'check-everything':
      return knows({ report: [] });
    case 'check-candidate': {
      const result = scene.weather.faulty ? 'failed' : 'passed';
      const of = candidateFingerprint(scene.settings, scene.observed, slotIn(later, step.slot), result);
      return knows(
        { verdictGiven: { of, result }, report: [{ name: 'GET /', verdict: result, found: 'seen' }] },
        recorded(scene, later, { verdict: { of, result, by: 'ada' } }),
      );
    }
    case 'prove-writes':
    case 'check-sessions':
      return knows(done(step));
    case 'restore-database':
      return shows({
        ...later,
        databases: [...later.databases, restored(later, step.target, step.point, step.attempt)],
      });
    case 'prepare-restore': {
      const others = later.databases.filter((held) => held.database.name !== step.target);
      return knows(done(step), { ...later, databases: [...others, restored(later, step.target, step.point)] });
    }
    case 'await-restore':
      return knows(done(step));
    case 'keep-lost-writes':
    case 'copy-retention':
      return knows(done(step));
    case 'move-database':
      return shows(moved(later, step.from, step.to));
    case 'delete-database':
      return knows(done(step), {
        ...later,
        databases: later.databases.filter((held) => held.database.name !== step.database),
      });
  }
}

function copied(
  { observed, settings }: Scene,
  picture: Picture,
  step: Extract<Step, { kind: 'copy-database' }>,
): Picture {
  const source = picture.databases.find((held) => held.database.name === step.database);
  const tags = {
    ...cloneTags({
      deploymentId: ID,
      source: step.database,
      sourceId: source?.database.databaseId ?? '',
      requestedAt: instant(picture),
    }),
    ...claimTags(settings, observed, step.clone),
  };
  const clone = { database: database(step.clone, { tags }), isReadOnly: false, schema: source?.schema ?? '' };
  return { ...picture, databases: [...picture.databases, clone] };
}

/** As `writeRecord` does: into the clone, and from the first swap on into the mirror, with what that lacks. */
function recorded({ observed }: Scene, picture: Picture, fields: Partial<DeploymentRecord>): Picture {
  const shown = tagged(picture, observed.recordDatabase, recordTags(fields));
  const mirror = observed.databases[0]?.original;
  const whole = { ...observed.record, ...fields };
  if (!isMirrored(whole) || !mirror || mirror.name === observed.recordDatabase) return shown;
  return tagged(shown, mirror.name, { ...lackingTags(whole, mirror.tags), ...recordTags(fields) });
}

function settingsOf({ appSettings, connectionStrings }: SlotSettings): Partial<Slot> {
  return { appSettings, connectionStrings };
}

function intended(scene: Scene, picture: Picture, step: StepOf<'intend-swap'>): [Partial<ThisRun>, Picture] {
  const { production } = scene.observed;
  const look = {
    sourceMarker: slotIn(picture, step.source).markerText,
    productionMarker: production.markerText,
    swappedAt: production.swapStatus?.at ?? '',
  };
  const intent = nextIntent(scene.observed, step, look, instant(picture));
  return [
    { intended: intent.number },
    recorded(scene, picture, { ...step.fields, ...swapOf(scene, step), intent, swaps: intent.number }),
  ];
}

function restored({ databases }: Picture, target: string, point: string, attempt?: number): Held {
  const tags = {
    ...cloneTags({ deploymentId: ID }),
    'zdd-restored-to': point,
    ...(attempt && { 'zdd-restored-for': String(attempt) }),
  };
  // No two databases have the same id, whatever became of the first of the name.
  const same = databases.filter(({ database: { databaseId } }) => databaseId.includes(`-${target}`)).length;
  const databaseId = `restored-${attempt ?? point}-${target}${same > 0 ? `-${same}` : ''}`;
  return { database: database(target, { databaseId, tags }), isReadOnly: false, schema: '1' };
}

function swapOf({ observed }: Scene, { of }: Step): Partial<DeploymentRecord> {
  return observed.record?.companions === undefined ? {} : { swapApp: of };
}
