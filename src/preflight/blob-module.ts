import type { Scene } from '../context/scene.ts';
import type { Check } from '../deployment/check.ts';
import type { AppLook } from '../deployment/observed.ts';
import { profileOf } from '../profiles/profiles.ts';
import { filesInPackage } from '../system/zip-contents.ts';
import { filesOfProduction } from './package.ts';
import { passed, warning } from './verdicts.ts';

const NAME = 'blob module';

/** Whether the builds bring what lets the platform serve blobs as they were at the snapshot: the live build is the copy's, too. */
export async function checkBlobModule(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { blobModule } = profileOf(scene.settings.profile).needs;
  if (blobModule === undefined) return [];
  const { newBuild } = scene.observed;
  const [production, given] = await Promise.all([
    filesOfProduction(scene),
    newBuild?.kind === 'package' ? filesInPackage(newBuild.path) : undefined,
  ]);
  return blobModuleIn(blobModule, { production, package: given });
}

/** Pure: a build whose files nobody could list is passed over. */
export function blobModuleIn(
  module: string,
  builds: Readonly<Record<'production' | 'package', readonly string[] | undefined>>,
): readonly Check[] {
  const file = `${module}.dll`.toLowerCase();
  const listed = (['production', 'package'] as const).filter((which) => builds[which] !== undefined);
  const without = listed.filter((which) => !builds[which]?.some((path) => baseName(path).toLowerCase() === file));
  if (listed.length === 0) return [];
  if (without.length === 0) return [passed(NAME, `${module} is in ${listed.join(' and ')}.`)];
  return [
    warning(
      NAME,
      `${module} is not in ${without.join(' and ')}: blobs are served as of the snapshot only where it reads them from Azure Storage.`,
      `dotnet add package ${module}, and deploy it before the first deployment with a window.`,
    ),
  ];
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
