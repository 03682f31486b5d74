import { complaintOfAll } from '../context/probing.ts';
import type { Change, Scene } from '../context/scene.ts';
import { versionsOf } from '../context/version.ts';
import { pathsOf, type Visited, visitedApps } from '../context/visitor-paths.ts';
import { isPartial, type Look } from '../deployment/partial-look.ts';
import type { Asked } from '../deployment/sight.ts';
import { begun } from '../observe/ahead.ts';
import type { StepOf } from '../steps/steps.ts';
import { illnessIn } from './health-budget.ts';
import { strayInProduction } from './separation.ts';

/** It ends healthy only with a healthy answer on each path: one request that hangs may outlast the whole watch. */
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
  const why = await illness(scene.context, opened(scene), step.purpose, goesOn, until);
  const wrong = why ?? (await strayed);
  if (step.tentative && wrong !== undefined) return {};
  return watched(scene, step.purpose, wrong);
}

/** As often as it takes to tell that it is down from that it had a bad moment; so is that of each app that moves along. */
export async function askProduction(scene: Scene<Look>): Promise<Change> {
  const { context, observed, settings } = scene;
  if (observed.production === undefined) return {};
  const { companions = [] } = (isPartial(observed) ? observed.databasePart : observed) ?? {};
  const productions = { production: observed.production, companions };
  context.eyes.open(productions);
  const versions = begun(versionsOf(scene, observed));
  const found = await Promise.all(
    visitedApps(productions, { ...settings, maxErrors: 0 }).map(async (app) => {
      const wrong = await illness(context, app, 'after-switch', (isWell) => !isWell);
      return { wrong, app: app.key };
    }),
  );
  const ill = found.find(({ wrong }) => wrong !== undefined);
  return { ...(await versions), production: ill?.wrong ?? '', illApp: ill?.app };
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
  const watch = illness(watching.context, opened(scene), purpose, goesOn, 0, (answer) => {
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

/**
 * Judges production of an app by how visitors are answered from now on, for as long as wanted. What was wrong when that says that it is
 * unhealthy, otherwise undefined. It is well when each path has answered last as it should, at `since` or later.
 */
async function illness(
  { eyes, signal }: Scene['context'],
  { host, settings }: Pick<Visited, 'host' | 'settings'>,
  purpose: StepOf<'watch-production'>['purpose'],
  goesOn: (isWell: boolean) => boolean,
  since = 0,
  answered: (isWell: boolean) => void = () => undefined,
): Promise<string | undefined> {
  const answers: Asked[] = [];
  const last = new Map(pathsOf(settings).map((path) => [path, { at: 0, isWell: false }]));
  for await (const each of eyes.answers(host, signal)) {
    const { at, ms, path, wrong } = each;
    answers.push(each);
    if (at >= (last.get(path)?.at ?? 0)) last.set(path, { at, isWell: wrong === undefined && at + ms >= since });
    const isWell = [...last.values()].every((path) => path.isWell);
    answered(isWell);
    const ill = wrong === undefined ? undefined : illnessIn(answers, settings.maxErrors, purpose === 'soak');
    if (ill !== undefined || !goesOn(isWell)) return ill;
  }
  return undefined;
}

/** The app of a step, on which the eyes of the run are. */
function opened({ context, observed, settings }: Scene): Pick<Visited, 'host' | 'settings'> {
  context.eyes.open(observed);
  return { host: observed.production.host, settings };
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
