import { isAppName, isResourceGroupName } from '../settings/names.ts';
import type { OtherApp } from '../settings/settings.ts';
import { meaningfulLines } from './lists.ts';
import { Wrong } from './reader.ts';

/**
 * `[group/]name = stop` lines: other apps on the same databases.
 * @param group the resource group of an app that names none: that of the app itself.
 */
export function otherApps(group: string): (value: string) => readonly OtherApp[] {
  return (value) => {
    const apps = meaningfulLines(value).map(({ text, number }) => {
      const [left = '', right = '', ...more] = text.split('=').map((part) => part.trim());
      const [name = '', resourceGroup = group, ...deeper] = left.split('/').reverse();
      const isNamed = isAppName(name) && (resourceGroup === '' || isResourceGroupName(resourceGroup));
      if (!isNamed || right !== 'stop' || deeper.length > 0 || more.length > 0) {
        throw new Wrong(
          `one app a line, such as shop-admin = stop, or group/shop-admin = stop; line ${number} is different`,
        );
      }
      return { resourceGroup, name, does: 'stop' as const };
    });
    const names = apps.map((app) => `${app.resourceGroup}/${app.name}`.toLowerCase());
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Wrong(`each app once; ${twice} stands there twice`);
    return apps;
  };
}
