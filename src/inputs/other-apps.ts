import { isAbsolute, join } from 'node:path';
import { imageName } from '../deployment/image-name.ts';
import { isAppName, isResourceGroupName } from '../settings/names.ts';
import type { OtherApp } from '../settings/settings.ts';
import { meaningfulLines } from './lists.ts';
import { Wrong } from './reader.ts';

/**
 * `[group/]name = stop | read-only | <package> | <image>` lines: other apps on the same databases.
 * @param group the resource group of an app that names none: that of the app itself.
 * @param workspace what the path of a package is below.
 */
export function otherApps(group: string, workspace: string): (value: string) => readonly OtherApp[] {
  return (value) => {
    const apps = meaningfulLines(value).map(({ text, number }) => {
      const at = text.indexOf('=');
      const [name = '', resourceGroup = group, ...deeper] = text.slice(0, Math.max(at, 0)).trim().split('/').reverse();
      const isNamed = isAppName(name) && (resourceGroup === '' || isResourceGroupName(resourceGroup));
      const does = whatItDoes(text.slice(at + 1).trim(), workspace);
      if (at < 0 || !isNamed || does === undefined || deeper.length > 0) {
        throw new Wrong(
          `one app a line, such as shop-admin = stop, group/shop-admin = read-only, shop-admin = admin.zip, or shop-admin = shop.azurecr.io/admin:2; line ${number} is different`,
        );
      }
      return { resourceGroup, name, ...does };
    });
    const names = apps.map((app) => `${app.resourceGroup}/${app.name}`.toLowerCase());
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Wrong(`each app once; ${twice} stands there twice`);
    return apps;
  };
}

/** A package is known by its ending, or as a URL; what else is left is the name of an image. */
function whatItDoes(text: string, workspace: string): Omit<OtherApp, 'resourceGroup' | 'name'> | undefined {
  if (text === 'stop' || text === 'read-only') return { does: text };
  if (/^https:\/\//i.test(text)) return URL.canParse(text) ? { does: 'build', package: text } : undefined;
  if (/\.zip$/i.test(text)) return { does: 'build', package: isAbsolute(text) ? text : join(workspace, text) };
  const isImage = /[/:]/.test(text) && imageName(text) !== undefined;
  return isImage ? { does: 'build', image: text } : undefined;
}
