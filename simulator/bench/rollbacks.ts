import type { PhaseName } from '../../src/settings/phases.ts';
import { measureDeployment } from './deployment.ts';
import type { Measures } from './report.ts';

const UNTIL_DEPLOYED: readonly (readonly PhaseName[])[] = [['clone'], ['read-only'], ['switch', 'deploy']];

/** The phase `rollback` on one database, in each way that there is. */
export async function measureRollbacks(): Promise<Measures['rollback']> {
  return {
    code: await rollbackBy({ 'rollback-scope': 'code', 'ignore-schema': 'true' }),
    codeAndDatabase: await rollbackBy({ 'rollback-scope': 'code-and-database' }),
    prepared: null,
  };
}

async function rollbackBy(inputs: Readonly<Record<string, string>>): Promise<{ readonly seconds: number }> {
  const { phases } = await measureDeployment({ databases: 1, runs: [...UNTIL_DEPLOYED, ['rollback']], inputs });
  return { seconds: (phases.at(-1)?.tookMs ?? 0) / 1000 };
}
