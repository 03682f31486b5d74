import { listSchedules } from '../azure/webjob-places.ts';
import { listWebJobs } from '../azure/webjobs.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import type { AppLook } from '../deployment/observed.ts';
import { failed, listed, notLookedAt, passed } from './verdicts.ts';

const NAME = 'WebJobs';

/** The record has room for the stopped WebJobs of one app: nobody would start those of another app again. */
export async function checkCompanionWebJobs({ context, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const { scmHost } = observed.production;
  const seen = await see(signal, async () => {
    const [jobs, scheduled] = await Promise.all([listWebJobs(arm, scmHost), listSchedules(arm, scmHost)]);
    const running = jobs.filter(({ kind, status }) => kind === 'continuous' && !/stopped|disabled/i.test(status));
    return [...new Set([...running, ...scheduled].map(({ name }) => name))];
  });
  if (seen.why !== undefined) return [notLookedAt(NAME, seen.why)];
  if (seen.value.length === 0) return [passed(NAME, 'None runs.')];
  return [
    failed(
      NAME,
      `WebJobs ${listed(seen.value)} run in this app. Those of an app that moves along would be stopped, and not started again.`,
      `Stop them until the deployment has ended, or give other-apps: ${observed.app.name} = stop.`,
    ),
  ];
}
