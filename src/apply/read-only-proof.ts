import { refusesWrites } from '../azure/sql-statements.ts';
import { ask, complaintAbout } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { readOnlyProbesOf } from '../deployment/instance-settings.ts';
import { Stop } from '../errors.ts';
import { profileOf } from '../profiles/profiles.ts';

/** The read-only copy says that it does not write, and its databases refuse it. Sentences about what it does not do as it should. */
export async function proveReadOnly(scene: Scene, host: string): Promise<readonly string[]> {
  await proveProbes(scene, host);
  await proveDatabases(scene);
  return unlikeThePlatform(scene, host);
}

/** What only the copy shows as visitors and editors will see it. */
async function unlikeThePlatform(scene: Scene, host: string): Promise<readonly string[]> {
  const { copyAnswers } = profileOf(scene.settings.profile).needs;
  const doubts = await Promise.all(
    copyAnswers.map(async ({ path, status, otherwise }) => {
      const answer = await ask(scene, host, path);
      const isRight = 'status' in answer && (status === undefined ? answer.status < 400 : answer.status === status);
      if (isRight) return [];
      const said = 'status' in answer ? `answered ${answer.status}` : `got no answer (${answer.error})`;
      const wanted = status === undefined ? '' : ` instead of ${status}`;
      return [`GET ${path} ${said}${wanted} on the read-only copy: ${otherwise}.`];
    }),
  );
  for (const doubt of doubts.flat()) scene.context.ports.log.warning(doubt);
  return doubts.flat();
}

async function proveProbes(scene: Scene, host: string): Promise<void> {
  for (const expected of readOnlyProbesOf(scene.settings)) {
    const wrong = await complaintAbout(scene, host, expected);
    if (!wrong) continue;
    throw new Stop(
      'failed',
      `The read-only copy does not refuse as it should: ${wrong}.`,
      'Check that the application honours its read-only switch (profile, readonly-settings) and that read-only-probes are right.',
    );
  }
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
