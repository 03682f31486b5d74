import { azureSaid } from '../azure/failure.ts';
import { NOT_THERE } from '../azure/registry.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import { type Build, buildText, withoutQuery } from '../deployment/build.ts';
import { buildSource, packageUrl } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import { unfitBuild } from '../deployment/fitting-build.ts';
import { holds } from '../deployment/marker.ts';
import type { AppLook, Observed, Slot } from '../deployment/observed.ts';
import { digestIn, samePackage } from '../deployment/same-build.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { askForImage, askForPackage, askRegistry, imageOf } from '../observe/builds.ts';
import type { Settings } from '../settings/settings.ts';
import { failed, passed, warning } from './verdicts.ts';
import { longestWindow, windowText } from './window.ts';

const NAME = 'new build';

/** Whether App Service would run the new build where it runs the live one. */
export function checkKind(settings: Settings, { production }: AppLook): readonly Check[] {
  const unfit = unfitBuild(settings, production);
  return unfit ? [failed('kind of build', unfit.found, unfit.fix)] : [];
}

/** Whether there is a new build, whether it can be had, and whether it is another one: `deploy` finds it out in the window. */
export async function checkNewBuild({ context, settings, observed }: Scene): Promise<readonly Check[]> {
  const { signal } = context;
  const { production } = observed;
  if (unfitBuild(settings, production)) return [];
  const live = imageOf(liveBuildSlot(observed));
  const [build, liveDigest] = await Promise.all([
    see(signal, async () => {
      if (settings.image !== undefined) return askRegistry(context, settings.image, production);
      return settings.packageUrl === undefined
        ? observed.newBuild
        : askForPackage(context, settings.packageUrl, production);
    }),
    see(signal, async () => (live === undefined ? undefined : (await askForImage(context, live, production)).digest)),
  ]);
  return [newBuild(settings, observed, build, liveDigest.value), ...continuousDeployment(observed)];
}

/** Pure: what the registry or the host of the package said, and the digest of production's image where it is known. */
function newBuild(
  settings: Settings,
  observed: Observed,
  given: Seen<Build | null>,
  liveDigest: string | undefined,
): Check {
  const live = liveBuildSlot(observed);
  const digest = digestIn(settings.image ?? '');
  if (given.why !== undefined && azureSaid(given.error)?.code === NOT_THERE) return failed(NAME, given.why, PUSH_FIRST);
  if (given.why !== undefined && digest === undefined) return failed(NAME, given.why, otherwise(settings));
  const build = given.value ?? named(settings.image, digest);
  if (build === null) return missing(settings, observed);
  if (runsAlready(build, live, liveDigest) && !settings.sameBuild) {
    const found = `Production runs ${buildText(build)} already: visitors would be read-only for nothing, and nobody would see that the new build is missing.`;
    return failed(
      NAME,
      found,
      'Give the new build. If this one is meant, for its settings or its database: same-build: true',
    );
  }
  if (given.why !== undefined) {
    return warning(NAME, `${given.why} App Service may find it all the same.`, otherwise(settings));
  }
  return build.kind === 'package-url'
    ? expiring(settings, observed, build.url)
    : passed(NAME, `It is ${buildText(build)}.`);
}

const PUSH_FIRST = 'image: <registry>/<name>:<tag of an image that was pushed>';

/** What a digest says by itself, whoever may ask the registry. */
function named(image: string | undefined, digest: string | undefined): Build | null {
  return image === undefined || digest === undefined ? null : { kind: 'image', named: image, digest };
}

function runsAlready(build: Build, live: Slot, liveDigest: string | undefined): boolean {
  switch (build.kind) {
    case 'image':
      return build.digest === liveDigest;
    case 'package-url':
      return samePackage(build.url, packageUrl(live));
    case 'package':
      return build.sha256 === live.build;
  }
}

function missing(settings: Settings, { stagingSlot, deploymentId, production }: Observed): Check {
  if (holds(stagingSlot, deploymentId, 'new')) return passed(NAME, `It waits in slot ${stagingSlot?.name}.`);
  if (settings.package !== undefined) return passed(NAME, `It is the file ${settings.package}.`);
  const isImage = buildSource(production).kind === 'image';
  const found = `Neither package nor image is given: "deploy" would find no new build, with visitors on the read-only copy.`;
  return failed(NAME, found, isImage ? 'image: <registry>/<name>:<tag>' : 'package: <zip file of the new build>');
}

function otherwise({ image }: Settings): string {
  return image === undefined
    ? 'package: https://<URL that can be fetched until the end of the window>'
    : 'image: <registry>/<name>@sha256:<digest>, or let this run ask the registry (role AcrPull)';
}

/** App Service fetches the package at every start: also when it restarts the app next month. */
function expiring(settings: Settings, { now }: Observed, url: string): Check {
  const expiry = new URL(url).searchParams.get('se');
  const where = `It is the package at ${withoutQuery(url)}`;
  if (expiry === null) return passed(NAME, `${where}.`);
  const fix = 'package: https://<URL that stays valid>';
  const until = Date.parse(expiry);
  if (Number.isNaN(until)) return warning(NAME, `${where}, whose expiry (${expiry}) is not understood.`, fix);
  if (until <= Date.parse(now) + longestWindow(settings) * 60_000) {
    return failed(
      NAME,
      `${where}, valid until ${expiry}, and the window may last ${windowText(settings)}: it would not start any more.`,
      fix,
    );
  }
  const found = `${where}, valid until ${expiry}: afterwards the app finds no build when it restarts, in production as well.`;
  return warning(NAME, found, fix);
}

/** A push to the registry would restart production, and with a tag bring another build there, in the middle of a deployment. */
function continuousDeployment({ app, production }: Observed): readonly Check[] {
  const isOn = /^(1|true)$/i.test(production.appSettings.DOCKER_ENABLE_CI ?? '');
  if (!isOn || buildSource(production).kind !== 'image') return [];
  const found =
    'Continuous deployment is on (DOCKER_ENABLE_CI): a push to the registry would change production by itself, in the middle of a deployment.';
  return [failed('continuous deployment', found, `${azWebApp(app, 'deployment container config')} --enable-cd false`)];
}
