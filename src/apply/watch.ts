import { complaintOfAll } from '../context/probing.ts';
import type { Change, Scene } from '../context/scene.ts';
import { versionsOf } from '../context/version.ts';
import type { Look } from '../deployment/partial-look.ts';
import { IN_A_ROW } from '../deployment/sight.ts';
import { begun } from '../observe/ahead.ts';
import type { StepOf } from '../steps/steps.ts';
import { isUnhealthy, withoutOneRestart } from './health-budget.ts';
import { strayInProduction } from './separation.ts';

/** It ends healthy only with a healthy answer: one request that hangs may outlast the whole watch. */
export async function watchProduction(scene: Scene, step: StepOf<'watch-production'>): Promise<Change> {
  const { clock, log } = scene.context.ports;
  const until = clock.now() + step.seconds * 1000;
  let told = clock.now();
  const strayed =
    step.purpose === 'after-switch' && step.of === undefined ? begun(strayInProduction(scene)) : undefined;
  const goesOn = (isWell: boolean) => {
    if (clock.now() - told >= 60_000) {
      told = clock.now();
      log.info(`Production has stayed healthy so far; watching for another ${Math.round((until - told) / 1000)} s.`);
    }
    return clock.now() < until || !isWell;
  };
  const next = step.of === undefined ? byEyes(scene) : () => askOther(scene);
  const why = await illness(scene, step.purpose, goesOn, next);
  const wrong = why ?? (await strayed);
  if (step.tentative && wrong !== undefined) return {};
  return watched(scene, step.purpose, wrong);
}

/** As often as it takes to tell that it is down from that it had a bad moment. */
export async function askProduction(scene: Scene<Look>): Promise<Change> {
  const { eyes, signal } = scene.context;
  if (scene.observed.production === undefined) return {};
  eyes.open(scene.observed.production.host);
  const versions = begun(versionsOf(scene, scene.observed));
  for (let times = 0; times < IN_A_ROW; times++) {
    const { wrong } = await eyes.next(signal);
    if (wrong === undefined) return { ...(await versions), production: '' };
  }
  return { ...(await versions), production: eyes.seen()?.unhealthy ?? '' };
}

/** Production is watched for as long as the work takes, and until it is healthy; as soon as it is unhealthy, the work is given up. */
export async function watchedBeside(
  scene: Scene,
  purpose: StepOf<'watch-production'>['purpose'],
  work: (scene: Scene) => Promise<Change>,
): Promise<Change> {
  const over = new AbortController();
  const unhealthy = new AbortController();
  let why: string | undefined;
  let isWell = false;
  let isDone = false;
  const goesOn = () => !isDone || !isWell;
  const watching = endedBy(scene, over.signal);
  const watch = illness(watching, purpose, goesOn, byEyes(watching), (answer) => {
    isWell = answer;
  })
    .then((found) => {
      why = found;
      unhealthy.abort(new Error(`Production ${found}`));
    })
    // Ended by the work, or by a cancellation that ends the work as well.
    .catch(() => undefined);
  try {
    const change = await work(endedBy(scene, unhealthy.signal));
    isDone = true;
    // Failures that are tolerated must not be the last that was seen of it; work of a moment has seen nothing. It is asked at once.
    if (!isWell && (await complaintOfAll(watching, scene.observed.production.host, VISITOR_LEAVES_MS)) !== undefined)
      await watch;
    return why === undefined ? change : { ...change, ...watched(scene, purpose, why) };
  } catch (error) {
    if (why === undefined || scene.context.signal.aborted) throw error;
    return watched(scene, purpose, why);
  } finally {
    over.abort(new Error('The work beside the watch has ended.'));
    await watch;
  }
}

/** Judges production by how visitors are answered from now on, for as long as wanted. What was wrong when that says that it is unhealthy, otherwise undefined. */
async function illness(
  scene: Scene,
  purpose: StepOf<'watch-production'>['purpose'],
  goesOn: (isWell: boolean) => boolean,
  next: () => Promise<{ readonly wrong: string | undefined }>,
  answered: (isWell: boolean) => void = () => undefined,
): Promise<string | undefined> {
  const answers: boolean[] = [];
  for (let isWell = false; goesOn(isWell); ) {
    const { wrong } = await next();
    isWell = wrong === undefined;
    answered(isWell);
    answers.push(isWell);
    if (wrong === undefined) continue;
    const judged = purpose === 'soak' ? withoutOneRestart(answers) : answers;
    if (isUnhealthy(judged, scene.settings.maxErrors)) return wrong;
  }
  return undefined;
}

/** The eyes of the run are on production of the first app. */
function byEyes({ context, observed }: Scene): () => ReturnType<Scene['context']['eyes']['next']> {
  context.eyes.open(observed.production.host);
  return () => context.eyes.next(context.signal);
}

/** Production of another app, once a second as a visitor would. */
async function askOther(scene: Scene): Promise<{ readonly wrong: string | undefined }> {
  const wrong = await complaintOfAll(scene, scene.observed.production.host, VISITOR_LEAVES_MS);
  await scene.context.ports.clock.sleep(1000, scene.context.signal);
  return { wrong };
}

const VISITOR_LEAVES_MS = 10_000;

/** Production is taken for unhealthy, although it may answer well. */
export function watched(scene: Scene, purpose: StepOf<'watch-production'>['purpose'], why: string | undefined): Change {
  const marker = scene.observed.production.markerText;
  return { watched: { purpose, marker, healthy: why === undefined, why: why ?? '' } };
}

function endedBy(scene: Scene, signal: AbortSignal): Scene {
  return { ...scene, context: { ...scene.context, signal: AbortSignal.any([scene.context.signal, signal]) } };
}
