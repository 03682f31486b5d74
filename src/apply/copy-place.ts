import { processOf, type Session, sessions } from '../azure/sql-sessions.ts';
import { usesCounted } from '../azure/sql-usage.ts';
import { isForeign } from '../context/databases.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { onlyDeclared } from '../deployment/clone-connections.ts';
import { LOOKING_MS } from './session-proof.ts';

/** Where the way was found and redirected, nobody seen decides nothing: a pool that stays open shows at once. */
const GLANCE_MS = 3_000;

/**
 * Originals in whose clones nobody was seen at work while the read-only copy was asked for its pages at `host`: no session, and no
 * use of a table counted. Where the way there is only declared, it is looked at for a minute.
 */
export async function unseenInClones(scene: Scene, host: string): Promise<readonly string[]> {
  const { clock } = scene.context.ports;
  const { databases } = scene.context;
  const unseen = new Map(scene.observed.databases.flatMap(({ name, clone }) => (clone ? [[name, clone.name]] : [])));
  const declared = onlyDeclared(scene.settings, scene.observed);
  const uses = (clone: string) => databases.read(clone, usesCounted);
  const before = new Map(
    await Promise.all([...unseen.values()].map(async (clone) => [clone, await uses(clone)] as const)),
  );
  const look = () =>
    Promise.all(
      [...unseen].map(async ([name, clone]) => {
        const present = (await databases.read(clone, sessions)).some(isForeign);
        if (present || ((await uses(clone)) ?? 0) > (before.get(clone) ?? Number.MAX_SAFE_INTEGER)) unseen.delete(name);
      }),
    );
  for (const startedAt = clock.now(); ; await clock.sleep(1000, scene.context.signal)) {
    // Beside the requests, and after them.
    await Promise.all([askPages(scene, host), look()]);
    await look();
    const patience = declared.some((name) => unseen.has(name)) ? LOOKING_MS : GLANCE_MS;
    if (unseen.size === 0 || clock.now() - startedAt >= patience) return [...unseen.keys()];
  }
}

/** Who is in the originals, and not one of us. */
export function inOriginals(scene: Scene): Promise<readonly Session[]> {
  return inside(scene, (pair) => pair.original?.name);
}

export function inClones(scene: Scene): Promise<readonly Session[]> {
  return inside(scene, (pair) => pair.clone?.name);
}

/** Processes that have a session there. */
export function processesOf(present: readonly Session[]): readonly string[] {
  return [...new Set(present.flatMap((session) => processOf(session) ?? []))];
}

async function inside(
  { observed, context }: Scene,
  nameOf: (pair: Scene['observed']['databases'][number]) => string | undefined,
): Promise<readonly Session[]> {
  const names = observed.databases.flatMap((pair) => nameOf(pair) ?? []);
  return (await Promise.all(names.map((name) => context.databases.read(name, sessions)))).flat().filter(isForeign);
}

async function askPages(scene: Scene, host: string): Promise<void> {
  const { healthPath, smokePaths } = scene.settings;
  await Promise.all([healthPath, ...smokePaths].map((path) => ask(scene, host, path)));
}
