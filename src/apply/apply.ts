import type { Change, Scene } from '../context/scene.ts';
import { sceneOf } from '../context/scene-of.ts';
import { writeRecord } from '../context/write-record.ts';
import { checkSentence } from '../deployment/check.ts';
import { type Look, wholeOrStop } from '../deployment/partial-look.ts';
import type { ThisRun } from '../deployment/this-run.ts';
import { checkAgain, checkEverything } from '../preflight/checks.ts';
import { done, knownAfter } from '../steps/done.ts';
import { sentence } from '../steps/plan-text.ts';
import type { Step, StepOf } from '../steps/steps.ts';
import { applySwap } from '../swap/carry-out.ts';
import { together } from '../wait.ts';
import { awaitLateWrites } from './await-late-writes.ts';
import { applyBuild } from './builds.ts';
import { applyCommand } from './commands.ts';
import { applyCopy } from './copies.ts';
import { applyLock } from './lock.ts';
import { keepLostWrites } from './lost-writes.ts';
import { applyOtherApp } from './other-apps.ts';
import { prepareRestore } from './prepare-restore.ts';
import { applyProof } from './proofs.ts';
import { applyQuiet } from './quiet.ts';
import { applyReadOnly } from './read-only.ts';
import { applyRemoval } from './removal.ts';
import { applyRestore } from './restore.ts';
import { applyScale } from './scale-plan.ts';
import { addSlotUsers } from './slot-users.ts';
import { applySlot } from './slots.ts';
import { applySuspended } from './suspended.ts';
import { checkCandidate } from './validation.ts';
import { askProduction } from './watch.ts';

/**
 * Carries out one batch, its steps at the same time, and decides nothing about the deployment. When steps fail the others are waited for, and all failures are told.
 */
export async function apply(scene: Scene<Look>, batch: readonly Step[]): Promise<ThisRun> {
  const { log } = scene.context.ports;
  const results = await together(
    log,
    batch.map(async (step) => {
      log.info(sentence(step));
      return { step, news: await applyStep(scene, step) };
    }),
  );
  return results.reduce<ThisRun>((run, { step, news }) => knownAfter(run, step, news), scene.observed.thisRun);
}

/** With parts of the look missing one may check, and nothing else. */
async function applyStep(scene: Scene<Look>, step: Step): Promise<Change> {
  if (step.kind === 'ask-production') return askProduction(scene);
  if (step.kind === 'check-everything') return told(scene, await checkEverything(scene));
  const whole = { ...scene, observed: wholeOrStop(scene.observed) };
  return applyOnWhole(step.of === undefined ? whole : sceneOf(whole, step.of), step);
}

async function applyOnWhole(
  scene: Scene,
  step: Exclude<Step, StepOf<'check-everything' | 'ask-production'>>,
): Promise<Change> {
  switch (step.kind) {
    case 'copy-database':
    case 'await-copy':
    case 'tag-clone':
    case 'stamp-clone':
      return applyCopy(scene, step);
    case 'set-read-only':
    case 'set-read-write':
      return applyReadOnly(scene, step);
    case 'keep-lost-writes':
      return keepLostWrites(scene, step);
    case 'delete-database':
    case 'remove-our-tags':
    case 'remove-mirror':
    case 'delete-firewall-rules':
      return applyRemoval(scene, step);
    case 'hold-lock':
    case 'await-others':
      return applyLock(scene, step);
    case 'record':
      await writeRecord(scene, step.fields);
      return step.fields.attempt === undefined ? {} : { begun: step.fields.attempt };
    case 'set-auto-swap':
    case 'set-slot-settings':
      return applySuspended(scene, step);
    case 'scale-plan':
      return applyScale(scene, step);
    case 'add-slot-users':
      return addSlotUsers(scene, step);
    case 'create-slot':
    case 'tag-slot':
    case 'match-config':
    case 'stop-slot':
    case 'start-slot':
    case 'stop-webjobs':
    case 'start-webjobs':
    case 'write-settings':
      return applySlot(scene, step);
    case 'stop-app':
    case 'start-app':
      return applyOtherApp(scene, step);
    case 'copy-build':
    case 'upload-build':
    case 'carry-files':
    case 'empty-slot':
      return applyBuild(scene, step);
    case 'prove-instance':
    case 'watch-production':
    case 'prove-writes':
    case 'check-sessions':
      return applyProof(scene, step);
    case 'intend-swap':
    case 'post-swap':
    case 'settle-swap':
      return applySwap(scene, step);
    case 'prove-sql':
    case 'await-quiet':
    case 'take-rollback-point':
    case 'await-database-clock':
      return applyQuiet(scene, step);
    case 'await-late-writes':
      return awaitLateWrites(scene, step);
    case 'set-up':
    case 'tell-copy':
    case 'migrate':
    case 'after-start':
      return applyCommand(scene, step);
    case 'check-again':
      return told(scene, { ...(await checkAgain(scene, step.phase)), ...done(step) });
    case 'check-candidate':
      return told(scene, await checkCandidate(scene, step));
    case 'prepare-restore':
      return prepareRestore(scene, step);
    case 'restore-database':
    case 'await-restore':
    case 'copy-retention':
    case 'move-database':
      return applyRestore(scene, step);
  }
}

/** The log says what was found, too: its reader may not see the summary. */
function told(scene: Scene<Look>, change: Change): Change {
  for (const check of change.report ?? []) scene.context.ports.log.info(checkSentence(check));
  return change;
}
