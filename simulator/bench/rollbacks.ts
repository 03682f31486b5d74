import type { PhaseName } from '../../src/settings/phases.ts';
import { type Course, measureDeployment } from './deployment.ts';
import type { Measures } from './report.ts';

const UNTIL_DEPLOYED: readonly (readonly PhaseName[])[] = [['clone'], ['read-only'], ['switch', 'deploy']];

const DATABASE = { 'rollback-scope': 'code-and-database' };
/** Longer than the restore that was begun beforehand takes. */
const UNTIL_READY_MS = 1_800_000;

/** The phase `rollback` on one database, in each way that there is. */
export async function measureRollbacks(): Promise<Measures['rollback']> {
  return {
    code: await rollbackBy({ keepsSchema: true }),
    codeAndDatabase: await rollbackBy({ inputs: DATABASE }),
    prepared: await rollbackBy({ inputs: { ...DATABASE, 'prepare-rollback': 'true' }, waitsMs: UNTIL_READY_MS }),
  };
}

async function rollbackBy(course: Partial<Course>): Promise<{ readonly seconds: number }> {
  const { phases } = await measureDeployment({ databases: 1, runs: [...UNTIL_DEPLOYED, ['rollback']], ...course });
  return { seconds: (phases.at(-1)?.tookMs ?? 0) / 1000 };
}
