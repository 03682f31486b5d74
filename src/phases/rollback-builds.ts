import { pinnedLiveBuild } from '../deployment/image-of-slot.ts';
import { disarmedSettings, liveBuildSettings } from '../deployment/instances.ts';
import { holds } from '../deployment/marker.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import type { DeploymentRecord, RollbackUnderWay } from '../deployment/record.ts';
import type { Settings } from '../settings/settings.ts';
import { recordFields, setReadWrite, startSlot, stopSlot, stopWebJobs, writeSettings } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { awaitQuiet, restartJobs } from './between-builds.ts';
import { companionLiveBuilds, disarmCompanions, stopLiveBuilds } from './companion-builds.ts';
import { carryFromNewBuild } from './kept-files.ts';
import { forgetOtherApps, startOtherApps, stopOtherApps } from './other-apps.ts';
import { sameSettings } from './prepare-slot.ts';
import { notStarted } from './refusals.ts';
import { renaming } from './rollback-restore.ts';

/**
 * Each build that may write stops: the new build always, and the live build when its database is taken away under it. The new build is
 * disarmed as well, because its WebJobs go on when it is stopped.
 */
export function stopBuilds(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  live: Slot,
  attempt: number,
  moving: boolean,
): Plan {
  if (record.deployBegun === undefined) return [];
  const liveIsBack = !moving && live.state !== 'Stopped';
  const quiet = isDone(observed, 'await-quiet') || liveIsBack || renaming(observed, attempt);
  const apps = stopOtherApps(observed);
  const steps = inOrder(
    ...sideBySide(
      disarmNewBuild(settings, observed),
      moving ? stopLiveBuild(observed, live) : [],
      disarmCompanions(settings, observed, disarmNewBuild),
      quiet ? [] : stopLiveBuilds(observed, 'its database may be taken away under it'),
      quiet ? [] : inOrder(apps.first, apps.stops),
    ),
  );
  return inOrder(...steps, quiet && steps.length === 0 ? [] : [awaitQuiet(observed)]);
}

function disarmNewBuild(settings: Settings, observed: Observed): Plan {
  const staging = observed.stagingSlot;
  if (staging === null || !holds(staging, observed.deploymentId, 'new')) return [];
  const disarmed = disarmedSettings(settings, observed, 'new', staging.build);
  const because = 'it must not write while it is rolled back';
  return inOrder(
    staging.state !== 'Stopped' && stopSlot(staging.name, because),
    !sameSettings(staging, disarmed) && writeSettings(staging.name, disarmed, because),
  );
}

/** Its WebJobs first: once it is stopped, the next look shows nothing that is left to do. */
function stopLiveBuild(observed: Observed, live: Slot): Plan {
  if (live.state === 'Stopped') return [];
  return inOrder(
    !isDone(observed, 'stop-webjobs', live.name) && stopWebJobs(live.name),
    stopSlot(live.name, 'its database is taken away under it'),
  );
}

/** The live build's settings are written once, the set just read plus the marker; then it starts and is proven where it is. */
export function liveBuild(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  slot: Slot,
  scope: RollbackUnderWay['scope'],
  attempt: number,
): Plan {
  const runs = [observed.thisRun, ...Object.values(observed.thisRun.companions ?? {})];
  // The slot has the same name in each app.
  const ill = runs.flatMap(({ didNotStart }) => (didNotStart?.slot === slot.name ? [didNotStart.stop] : []))[0];
  if (ill) {
    const steps = stopAgain(observed, record, slot, { scope, attempt, databases: 'settled' });
    if (steps.length > 0) return steps;
    throw notStarted(ill, 'Then run "rollback" again; or run "deploy" with a package that works.');
  }
  const wanted = liveBuildSettings(settings, observed, slot, attempt);
  const written = sameSettings(slot, wanted);
  const closed = originals(observed).filter((name) => observed.sql[name]?.readOnly !== false);
  const proven = written && observed.thisRun.started[slot.name] === slot.markerText;
  const config = pinnedLiveBuild(observed, slot);
  return inOrder(
    Object.keys(config).length > 0 &&
      slot.state === 'Stopped' &&
      !isDone(observed, 'match-config', slot.name) && {
        kind: 'match-config',
        slot: slot.name,
        properties: config,
        because: 'its tag may mean another image by now',
      },
    closed.map((database) => setReadWrite(database, 'the live build writes to it')),
    !written && {
      kind: 'write-settings',
      slot: slot.name,
      settings: wanted,
      once: true,
      because: 'the candidate is known by its marker',
    },
    !(slot.state === 'Running' && written) && startSlot(slot.name, 'it is the candidate again'),
    carryFromNewBuild(settings, observed, record, slot.name),
    // Afterwards, because SCM may have been stopped with the app.
    restartJobs(observed, slot.name),
    !proven && {
      kind: 'prove-instance',
      slot: slot.name,
      as: 'started',
      because: 'only a healthy live build can take over',
    },
    ...companionLiveBuilds(settings, observed, attempt),
    startOtherApps(observed),
    [
      recordFields(
        {
          ...forgetOtherApps(observed),
          candidate: { role: 'live', attempt, slot: record.readonlySlot },
          rollbackUnderWay: undefined,
          stoppedJobs: undefined,
        },
        '"validate" looks at exactly this candidate',
      ),
    ],
  );
}

/** A rollback that failed leaves both builds of each app stopped and no candidate: none writes to the originals until somebody decides. */
function stopAgain(observed: Observed, record: DeploymentRecord, slot: Slot, failed: RollbackUnderWay): Plan {
  const because = 'a live build did not become healthy, and none must write unseen';
  const apps = stopOtherApps(observed);
  return inOrder(
    apps.first,
    apps.stops,
    record.candidate !== undefined &&
      recordFields(
        { rollbackUnderWay: failed, candidate: undefined, verdict: undefined },
        'a live build did not become healthy, and is no candidate any more',
      ),
    !isDone(observed, 'stop-webjobs', slot.name) && stopWebJobs(slot.name, because),
    slot.state !== 'Stopped' && stopSlot(slot.name, because),
    ...stopLiveBuilds(observed, because),
  );
}
