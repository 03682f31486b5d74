import { readSettings } from '../../src/inputs/inputs.ts';
import type { Settings } from '../../src/settings/settings.ts';

/** The environment that the runner makes from inputs. */
export function environmentOf(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

export const least = { phase: 'status', 'resource-group': 'shop-rg', 'app-name': 'shop' };

/** Settings from the least inputs and these, and further variables of the runner; every file exists. */
export function settingsOf(
  inputs: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): Settings {
  return readSettings({ ...environmentOf({ ...least, ...inputs }), ...variables }, () => true);
}

/** The complaint about these inputs; fails when there is none. */
export function complaintAbout(inputs: Readonly<Record<string, string>>, isFile = true): string {
  try {
    readSettings(environmentOf({ ...least, ...inputs }), () => isFile);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`No complaint about ${JSON.stringify(inputs)}.`);
}
