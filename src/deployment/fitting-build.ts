import type { Settings } from '../settings/settings.ts';
import { buildSource, RUN_FROM_PACKAGE } from './build-source.ts';
import type { Slot } from './observed.ts';

/** What is wrong, as a sentence, and the line of a workflow that fixes it. */
export interface Unfit {
  readonly found: string;
  readonly fix: string;
}

/**
 * Why the new build would never run in the place of the live one: App Service decides by the slot's configuration what it runs, and
 * what comes in another way lies there unused. Undefined when it fits, or when none is given.
 */
export function unfitBuild(settings: Settings, live: Slot): Unfit | undefined {
  const source = buildSource(live);
  const zip = settings.package !== undefined || settings.packageUrl !== undefined;
  if (source.kind === 'image') {
    if (!/^DOCKER\|/i.test(source.image)) return severalContainers(source.image);
    if (zip) {
      return {
        found: `Production runs the image ${source.image.replace(/^DOCKER\|/i, '')}, and input package is a zip file: it would be uploaded, and the old image would go on.`,
        fix: 'image: <registry>/<name>:<tag>',
      };
    }
    return undefined;
  }
  if (settings.image !== undefined) {
    return {
      found: 'Input image names a container image, and production runs no container.',
      fix: 'package: <zip file of the new build>',
    };
  }
  if (settings.package === undefined) return undefined;
  const given = settings.appSettings.find(({ name }) => name.toUpperCase() === RUN_FROM_PACKAGE)?.value;
  if (given !== undefined ? !isUrl(given) : source.kind !== 'package-url') return undefined;
  return {
    found: `${RUN_FROM_PACKAGE} is a URL, and input package is a file: App Service takes no upload then.`,
    fix: 'package: https://<URL of the zip file of the new build>',
  };
}

function isUrl(text: string): boolean {
  return /^https?:/i.test(text);
}

/** Which of them is the new build, and what a swap does with the others, nobody has written down. */
function severalContainers(stack: string): Unfit {
  const isCompose = /^COMPOSE\b/i.test(stack);
  return {
    found: `Production runs ${isCompose ? 'several containers by Docker Compose (COMPOSE)' : 'site containers (SITECONTAINERS), a main one with sidecars'}: this action brings one image for the whole app, and what a swap does with the others is nowhere documented.`,
    fix: isCompose
      ? 'Make one image of it, or deploy this app in another way; Docker Compose is on its way out of App Service: https://learn.microsoft.com/azure/app-service/migrate-sidecar-multi-container-apps'
      : 'az webapp sitecontainers convert --mode docker, when one container is enough; otherwise deploy this app in another way.',
  };
}
