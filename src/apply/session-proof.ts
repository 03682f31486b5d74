import { whatRuns } from '../azure/processes.ts';
import { slotId } from '../azure/sites.ts';
import { processOf, type Session, sessions } from '../azure/sql-sessions.ts';
import { isForeign } from '../context/databases.ts';
import { ask } from '../context/probing.ts';
import type { Change, Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import { appOfKey } from '../deployment/app-key.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { refuseBlind, sessionWords } from './session-view.ts';

/** So long the sessions are looked at, a second apart: a connection may be open for an instant only. */
export const LOOKING_MS = 60_000;

/**
 * Whether somebody works in each of the originals while production is asked for its pages. It is a hint, not a proof: an app
 * may close its connections at once, or ask no database for these pages. So nobody seen is said and stops nothing; and
 * whoever was there before and does nothing meanwhile (a query window) counts for nothing.
 */
export async function checkSessions(scene: Scene, step: StepOf<'check-sessions'>): Promise<Change> {
  const { clock, log } = scene.context.ports;
  const { signal } = scene.context;
  const names = scene.observed.databases.flatMap(({ original }) => (original ? [original.name] : []));
  await refuseBlind(scene, names);
  const before = new Map(await Promise.all(names.map(async (name) => [name, await present(scene, name)] as const)));
  const unseen = new Set(names);
  const look = () =>
    Promise.all(
      [...unseen].map(async (name) => {
        const now = await present(scene, name);
        const working = now.filter((session) => worked(session, before.get(name) ?? []));
        if (working.length > 0 && !(await areOfOthers(scene, working))) unseen.delete(name);
      }),
    );
  for (const until = clock.now() + LOOKING_MS; ; await clock.sleep(1000, signal)) {
    // Beside the requests, and after them.
    await Promise.all([askPages(scene), look()]);
    await look();
    if (unseen.size === 0) return done(step);
    if (clock.now() >= until) break;
  }
  const doubt = `Nobody was seen at work in ${[...unseen].join(', ')} while production was asked for its pages for a minute. The app may close its connections at once, or ask the database for none of these pages; or its connection strings lead elsewhere. Look at them, and at what visitors write.`;
  log.warning(doubt);
  return { ...done(step), unproven: [doubt] };
}

async function askPages(scene: Scene): Promise<void> {
  const { healthPath, smokePaths } = scene.settings;
  await Promise.all([healthPath, ...smokePaths].map((path) => ask(scene, scene.observed.production.host, path)));
}

/** Others than ourselves, and than those who are known to work there beside the app. */
async function present(scene: Scene, database: string): Promise<readonly Session[]> {
  const all = await scene.context.databases.read(database, sessions);
  const known = scene.observed.record?.otherWriters ?? '';
  return all.filter((session) => isForeign(session) && !known.includes(sessionWords(session)));
}

/**
 * Whether all of them belong to other apps of the deployment, which work on the same databases. Where Azure does not tell what runs
 * there, nobody is taken for another's.
 */
async function areOfOthers({ context, observed }: Scene, working: readonly Session[]): Promise<boolean> {
  const keys = [...observed.companions, ...observed.otherApps].map(({ key }) => key);
  const ids = keys.map((key) => slotId({ ...context.app, ...appOfKey(key) }, 'production'));
  const looks = await Promise.all(ids.map((id) => see(context.signal, () => whatRuns(context.arm, id))));
  const running = looks.flatMap(({ value }) => value?.processes ?? []);
  const others = new Set(running.map(({ hostName, processId }) => `${hostName}/${processId}`));
  return working.every((session) => others.has(processOf(session) ?? ''));
}

/** It came since, or has begun a request since. */
function worked(session: Session, before: readonly Session[]): boolean {
  return !before.some(
    ({ sessionId, lastRequestAt }) => sessionId === session.sessionId && lastRequestAt === session.lastRequestAt,
  );
}
