import { refusesWrites } from '../azure/sql-statements.ts';
import { complaintAbout } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { readOnlyProbesOf } from '../deployment/instance-settings.ts';
import { Stop } from '../errors.ts';

/** The read-only copy says that it does not write, and its databases refuse it. */
export async function proveReadOnly(scene: Scene, host: string): Promise<void> {
  await proveProbes(scene, host);
  await proveDatabases(scene);
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
