import { type Session, sessions } from '../azure/sql-sessions.ts';
import { isBroken, isOccupied, isReadOnly, permitted, serverTime, setReadOnly } from '../azure/sql-statements.ts';
import { isForeign } from '../context/databases.ts';
import { azureNow, type Change, type Scene } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import { alsoWrote } from '../deployment/record.ts';
import { switchDeadline } from '../deployment/switch-deadline.ts';
import { Stop } from '../errors.ts';
import { SqlError } from '../ports.ts';
import { bareName } from '../settings/database-key.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { seconds, together, waitFor } from '../wait.ts';
import { gapSinceSnapshot } from './copy-content.ts';
import { copyAmong } from './separation.ts';
import { ownership, seesSessions, sessionWords } from './session-view.ts';
import { watched, watchedBeside } from './watch.ts';

type QuietStep = StepOf<'prove-sql' | 'await-quiet' | 'take-rollback-point' | 'await-database-clock'>;

/** Two empty looks must lie this far apart. */
const APART_MS = 5_000;

export async function applyQuiet(scene: Scene, step: QuietStep): Promise<Change> {
  switch (step.kind) {
    case 'prove-sql':
      await Promise.all(step.databases.map((name) => proveSql(scene, name)));
      return done(step);
    case 'await-quiet':
      return step.watching
        ? watchedBeside(scene, 'after-switch', (watched) => awaitQuiet(watched, step))
        : awaitQuiet(scene, step);
    case 'take-rollback-point':
      return takePoint(scene, step.databases);
    case 'await-database-clock':
      return awaitClock(scene, step);
  }
}

/** We may alter the database, and its session list shows others: without VIEW DATABASE STATE one sees only oneself. */
async function proveSql(scene: Scene, database: string): Promise<void> {
  const { databases, ports } = scene.context;
  const [alter, sees] = await together(ports.log, [
    databases.read(database, (connection) => permitted(connection, 'ALTER')),
    seesSessions(scene, database),
  ]);
  const missing = [...(alter ? [] : ['ALTER']), ...(sees ? [] : ['VIEW DATABASE STATE'])];
  if (missing.length === 0) return;
  throw new Stop(
    'refused',
    `The identity lacks ${missing.join(' and ')} on database ${database}, so it cannot ${alter ? 'see whether the database is quiet' : 'set the database READ_ONLY'}.`,
    ownership(database),
  );
}

/**
 * Nobody's session but ours. Where that closes the database one look is enough: READ_ONLY with NO_WAIT fails when somebody is there after
 * all, whether we see him or not, and from then on nobody can write. `deploy` looks again before it opens it.
 */
async function awaitQuiet(scene: Scene, step: StepOf<'await-quiet'>): Promise<Change> {
  const left = await together(
    scene.context.ports.log,
    step.databases.map((name) => quietOne(scene, name, step)),
  ).catch((error: unknown) => {
    // Visitors do not wait on a read-only site for what stays refused.
    if (step.watching && error instanceof SqlError && !isBroken(error)) return error;
    throw error;
  });
  if (left instanceof SqlError) {
    const happened = `SQL Server refused to set an original READ_ONLY (error ${left.number}): ${left.message}`;
    return { missed: { happened, fix: 'Look up that number, and set right what it names.' } };
  }
  const occupied = left.filter((each) => each !== undefined);
  if (occupied.length === 0) return done(step);
  const stray = step.watching ? await copyAmong(scene, occupied) : undefined;
  if (stray !== undefined) return watched(scene, 'after-switch', stray);
  if (!scene.settings.allowOtherWriters) {
    const happened = occupied.map(notQuiet).join(' ');
    // Whether visitors wait for it on the read-only copy is for the plan to say.
    if (step.watching) return { missed: { happened, fix: END_THEM } };
    // Before "deploy" has begun a rollback waits for nobody; afterwards it would wait for the very same people.
    const back = scene.observed.record?.deployBegun === undefined ? ' Or run "rollback".' : '';
    throw new Stop('failed', happened, `${END_THEM} Then run the phase again.${back}`);
  }
  const strangers = occupied.flatMap(wordsOf);
  const others = [...new Set(strangers)].join('; ');
  scene.context.ports.log.warning(
    `allow-other-writers: going on although others are in the originals: ${others}. The databases stay read-write, and a rollback of the database would lose what they write.`,
  );
  await writeRecord(scene, { otherWriters: alsoWrote(scene.observed.record, strangers) });
  return done(step);
}

/** A database that does not get quiet, and who was seen there last. */
interface Occupied {
  readonly database: string;
  readonly present: readonly Session[];
  /** How long it was waited for. */
  readonly afterMs: number;
}

/** Undefined when the database is quiet. */
async function quietOne(scene: Scene, database: string, step: StepOf<'await-quiet'>): Promise<Occupied | undefined> {
  const { ports, databases, signal, lease } = scene.context;
  const startedAt = ports.clock.now();
  const limitMs = patienceMs(scene, step);
  let emptySince: number | undefined;
  let present: readonly Session[] = [];
  const closing = step.setReadOnly && scene.observed.sql[database]?.readOnly !== true;
  if (!closing) await proveSql(scene, database);
  const ended = await waitFor<'quiet' | 'occupied'>(ports.clock, ports.log, {
    what: `database ${database} to be quiet`,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    otherwise: '',
    signal,
    async look() {
      const [there] = await Promise.all([databases.read(database, sessions), closing ? lease.prove() : undefined]);
      present = there.filter(isForeign);
      const now = ports.clock.now();
      emptySince = present.length === 0 ? (emptySince ?? now) : undefined;
      if (emptySince !== undefined && closing) {
        if (await closed(scene, database)) return { done: 'quiet' };
        // Somebody is there whom we did not see: perhaps because we may not.
        await proveSql(scene, database);
      } else if (emptySince !== undefined && now - emptySince >= APART_MS) return { done: 'quiet' };
      if (now - startedAt >= limitMs) return { done: 'occupied' };
      return { seen: present.length === 0 ? 'nobody there' : present.map(sessionWords).join('; ') };
    },
  });
  const afterMs = Math.min(ports.clock.now() - startedAt, limitMs);
  return ended === 'quiet' ? undefined : { database, present, afterMs };
}

/** Visitors do not wait on a read-only site longer than `switch-timeout` for anybody. */
function patienceMs(scene: Scene, { watching }: StepOf<'await-quiet'>): number {
  const deadline = watching ? switchDeadline(scene.settings, scene.observed) : undefined;
  const drainMs = scene.settings.drainSeconds * 1000;
  return deadline === undefined ? drainMs : Math.max(0, Math.min(drainMs, deadline - azureNow(scene).getTime()));
}

function wordsOf({ present }: Occupied): readonly string[] {
  return present.length > 0 ? present.map(sessionWords) : ['somebody who comes and goes'];
}

function notQuiet(occupied: Occupied): string {
  return `Database ${occupied.database} is not quiet after ${seconds(occupied.afterMs)}. Still connected: ${wordsOf(occupied).join('; ')}.`;
}

const END_THEM =
  'End these connections (other apps, WebJobs, functions, people with a query window), or go on with allow-other-writers: true, knowing that a database rollback would lose their writes.';

async function closed(scene: Scene, database: string): Promise<boolean> {
  try {
    await scene.context.databases.use(database, (connection) => setReadOnly(connection, bareName(database), 'NO_WAIT'));
  } catch (error) {
    if (isOccupied(error)) return false;
    throw error;
  }
  return scene.context.databases.read(database, isReadOnly);
}

/** The database's own clock, the latest of all, 7 decimals. Written once; never replaced. */
async function takePoint(scene: Scene, names: readonly string[]): Promise<Change> {
  if (scene.observed.record?.rollbackPoint !== undefined) return {};
  const [times, gap] = await Promise.all([
    Promise.all(names.map((name) => scene.context.databases.read(name, serverTime))),
    gapSinceSnapshot(scene),
  ]);
  const rollbackPoint = times.toSorted().at(-1);
  await writeRecord(scene, { rollbackPoint, ...(gap === undefined ? {} : { gap }) });
  return {};
}

/** Since the originals were closed the second look at who is there is due: whoever came meanwhile would write once they are open. */
async function awaitClock(scene: Scene, step: StepOf<'await-database-clock'>): Promise<Change> {
  const { ports, databases, signal } = scene.context;
  const passes = (database: string) =>
    waitFor(ports.clock, ports.log, {
      what: `the clock of database ${database} to pass ${step.until}`,
      deadlineMs: 120_000,
      otherwise: 'The clock of the database lies far behind the rollback point. Run the phase again.',
      signal,
      firstPauseMs: 100,
      async look() {
        const now = await databases.read(database, serverTime);
        const left = Date.parse(step.until) - Date.parse(now);
        return left < 0 ? { done: undefined } : { seen: now, retryAfterMs: left + 1 };
      },
    });
  await together(
    ports.log,
    step.databases.flatMap((database) => [proveSql(scene, database), passes(database)]),
  );
  if (scene.observed.record?.otherWriters !== undefined) return done(step);
  const seen = await Promise.all(step.databases.map((database) => databases.read(database, sessions)));
  if (!seen.flat().some(isForeign)) return done(step);
  const { databases: names, because } = step;
  await awaitQuiet(scene, { kind: 'await-quiet', databases: names, setReadOnly: false, watching: false, because });
  return done(step);
}
