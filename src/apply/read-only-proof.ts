import { type Session, sessions } from '../azure/sql-sessions.ts';
import { refusesWrites } from '../azure/sql-statements.ts';
import { isForeign } from '../context/databases.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { readOnlyProbesOf } from '../deployment/instance-settings.ts';
import { Stop } from '../errors.ts';
import type { ReadOnlyProbe } from '../settings/probes.ts';
import { refuseBlind } from './session-view.ts';

/** The read-only copy says that it does not write, its databases refuse it, and it is connected to no original. */
export async function proveReadOnly(scene: Scene, host: string, isLastResort: boolean): Promise<void> {
  await proveProbes(scene, host);
  await proveDatabases(scene);
  // Where nothing else is healthy, visitors go back even when nobody can see who is connected.
  if (!isLastResort) await refuseBlind(scene, databasesOf(scene));
  await proveSeparation(scene);
}

async function proveProbes(scene: Scene, host: string): Promise<void> {
  for (const expected of readOnlyProbesOf(scene.settings)) {
    const wrong = await probeComplaint(scene, host, expected);
    if (!wrong) continue;
    throw new Stop(
      'failed',
      `The read-only copy does not refuse as it should: ${wrong}.`,
      'Check that the application honours its read-only switch (profile, readonly-settings) and that read-only-probes are right.',
    );
  }
}

async function probeComplaint(scene: Scene, host: string, expected: ReadOnlyProbe): Promise<string | undefined> {
  const answer = await ask(scene, host, expected.path, expected.method);
  const asked = `${expected.method} ${expected.path}`;
  if ('error' in answer) return `${asked} got no answer (${answer.error})`;
  if (answer.status !== expected.status) return `${asked} answered ${answer.status} instead of ${expected.status}`;
  const location = answer.headers.location ?? '';
  if (expected.location === undefined || location === expected.location) return undefined;
  const path = URL.canParse(location) ? new URL(location).pathname : location;
  return path === expected.location ? undefined : `${asked} leads to "${location}" instead of "${expected.location}"`;
}

/** The database itself is the backstop: it must refuse a write with error 3906. */
async function proveDatabases(scene: Scene): Promise<void> {
  await Promise.all(
    scene.observed.databases.map(async ({ clone, name }) => {
      if (clone && (await scene.context.databases.use(clone.name, refusesWrites))) return;
      throw new Stop('failed', `The clone of ${name} took a write.`, 'Run "clone" again: it sets the clone READ_ONLY.');
    }),
  );
}

function databasesOf({ observed }: Scene): string[] {
  return observed.databases.flatMap(({ clone, original }) => [clone, original].flatMap((each) => each?.name ?? []));
}

/** No process with a session in a clone may have one in an original: one connection string was forgotten then. */
async function proveSeparation(scene: Scene): Promise<void> {
  const { databases } = scene.context;
  const inside = async (names: readonly (string | undefined)[]) =>
    (await Promise.all(names.map((name) => (name === undefined ? [] : databases.use(name, sessions)))))
      .flat()
      .filter(isForeign);
  const pairs = scene.observed.databases;
  const [inClones, inOriginals] = await Promise.all([
    inside(pairs.map(({ clone }) => clone?.name)),
    inside(pairs.map(({ original }) => original?.name)),
  ]);
  const process = (session: Session) => `${session.hostName}/${session.hostProcessId}`;
  const suspects = new Set(inClones.map(process));
  const both = inOriginals.find((session) => suspects.has(process(session)));
  if (!both) return;
  throw new Stop(
    'failed',
    `Process ${both.hostProcessId} on ${both.hostName} (${both.programName}) has sessions both in a clone and in an original: one connection of the read-only copy still leads to the original.`,
    'Name the forgotten connection with input clone-connection-settings, then run "read-only" again.',
  );
}
