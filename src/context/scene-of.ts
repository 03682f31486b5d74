import { appOfKey } from '../deployment/app-key.ts';
import { companionSettings, focusOn } from '../deployment/companions.ts';
import { Stop } from '../errors.ts';
import type { Scene } from './scene.ts';

/** The scene of another app that moves together with the first, as if it were the only one. */
export function sceneOf({ context, settings, observed }: Scene, key: string): Scene {
  const companion = observed.companions.find((each) => each.key === key);
  if (companion === undefined) {
    throw new Stop('failed', `App ${key} was not there at the last look.`, 'Run the phase again.');
  }
  const own = companionSettings(settings, key);
  const newBuild = context.newBuilds.get(key) ?? null;
  return {
    context: { ...context, app: { ...context.app, ...appOfKey(key) }, settings: own, newBuild },
    settings: own,
    observed: focusOn(observed, companion),
  };
}
