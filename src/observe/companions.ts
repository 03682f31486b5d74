import type { Context } from '../context/context.ts';
import { appOfKey } from '../deployment/app-key.ts';
import { companionSettings, namedCompanions, recordedCompanions } from '../deployment/companions.ts';
import type { Companion } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { Stop } from '../errors.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { beginLookAtApp, lookAtApp } from './app.ts';
import { releaseIn } from './release.ts';
import type { Missing } from './unseen.ts';

/** The apps that move together with the first: those that `clone` has recorded, before it those that are named. */
export async function lookAtCompanions(
  context: Context,
  missing: Missing,
  settings: Settings,
  record: DeploymentRecord | null,
  phase: PhaseTraits,
): Promise<readonly Companion[]> {
  const named = namedCompanions(settings);
  const all = record === null ? named : recordedCompanions(record);
  const late = named.find(({ key, does }) => !all.some((each) => each.key === key && each.does === does));
  if (late && phase.changes) {
    throw new Stop(
      'bad-input',
      `Input other-apps names ${late.key}, and deployment ${record?.deploymentId} was opened without it, or for something else.`,
      'Nothing was done. Give the same other-apps as "clone" had, or end the open deployment with "cleanup" first.',
    );
  }
  // A record is tags: before the window opens, no app is drawn in that nobody has named. Later its slots say that they are ours.
  const foreign = all.find(({ key }) => !named.some((each) => each.key === key));
  if (foreign && phase.opensWindow) {
    throw new Stop(
      'bad-input',
      `The record of deployment ${record?.deploymentId} says that ${foreign.key} moves along, and input other-apps does not name it.`,
      'Nothing was done. Give the same other-apps as "clone" had. If it had none, somebody wrote that tag: remove zdd-companions from the databases.',
    );
  }
  const looks = await Promise.all(
    all.map(async ({ key, does }) => {
      const own: Context = {
        ...context,
        app: { ...context.app, ...appOfKey(key) },
        settings: companionSettings(settings, key),
        newBuild: context.newBuilds.get(key) ?? null,
      };
      const begun = await beginLookAtApp(own, missing);
      const { appPart } = await lookAtApp(own, missing, begun, settings, phase);
      if (!appPart) return [];
      const isCopied = phase.looksAtBuild && appPart.production.marker?.role !== 'read-only';
      const release = isCopied ? await releaseIn(own, appPart.production) : undefined;
      return [{ key, does, look: { ...appPart, production: { ...appPart.production, release } } }];
    }),
  );
  return looks.flat();
}
