import { ACCESS_RESTRICTED } from '../azure/advice.ts';
import { azureSaid } from '../azure/failure.ts';
import { listDirectory, packageName, type ScmEntry } from '../azure/scm.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import { buildSource, RUN_FROM_PACKAGE } from '../deployment/build-source.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook, RunPart } from '../deployment/observed.ts';
import { askForImage, imageOf } from '../observe/builds.ts';
import type { Settings } from '../settings/settings.ts';
import { failed, notLookedAt, passed, warning } from './verdicts.ts';
import { longestWindow, windowText } from './window.ts';

const NAME = 'build of production';

/** What SCM shows of the build, as far as the way of running needs it. */
export interface BuildFacts {
  readonly wwwroot?: readonly ScmEntry[] | null;
  /** Of the package named in packagename.txt: its name, and whether its zip is there. */
  readonly package?: { readonly name: string; readonly exists: boolean } | null;
  /** What the registry says of the image that production names. */
  readonly digest?: string;
}

/** Whether the live build can be copied exactly, in the way in which production runs it. */
export async function checkBuild({ context, settings, observed }: Scene<AppLook & RunPart>): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const { scmHost } = observed.production;
  const { kind } = buildSource(observed.production);
  const facts = await see(signal, async (): Promise<BuildFacts> => {
    const named = imageOf(observed.production);
    if (named !== undefined) return { digest: (await askForImage(context, named, observed.production)).digest };
    // With current-package only that SCM lets us in matters.
    if (kind === 'files') return { wwwroot: await listDirectory(arm, scmHost, 'site/wwwroot') };
    if (kind !== 'package-file') return {};
    const [name, entries] = await Promise.all([
      packageName(arm, scmHost),
      listDirectory(arm, scmHost, 'data/SitePackages'),
    ]);
    if (name === null) return { package: null };
    return { package: { name, exists: (entries ?? []).some((entry) => entry.name === name) } };
  });
  return [build(settings, observed, facts), ...remoteBuild(settings, observed)];
}

/** A package is uploaded as it is, whatever Azure does with what production is given. */
function remoteBuild({ appSettings }: Settings, { production }: AppLook): readonly Check[] {
  const name = 'SCM_DO_BUILD_DURING_DEPLOYMENT';
  const isOn = /^(1|true)$/i.test(production.appSettings[name] ?? '');
  if (!isOn || appSettings.some((each) => each.name.toUpperCase() === name)) return [];
  const found = `Production says ${name}: Azure builds what it is given. Here the package is taken for built, and uploaded as it is.`;
  return [
    warning('remote build', found, `When the package is source that Azure is to build: app-settings: ${name}=true`),
  ];
}

/** Pure. */
export function build(settings: Settings, observed: AppLook & RunPart, facts: Seen<BuildFacts>): Check {
  const source = buildSource(observed.production);
  if (source.kind === 'image') return image(observed, source.image, facts);
  if (source.kind === 'package-url') return packageUrl(settings, observed);
  if (settings.currentPackage !== undefined)
    return passed(NAME, `current-package brings it: ${settings.currentPackage}.`);
  if (facts.why !== undefined) {
    // Builds are uploaded to the SCM of the slots, which get the same restrictions: "current-package" would not help.
    const kept = azureSaid(facts.error)?.code === ACCESS_RESTRICTED;
    return notLookedAt(NAME, facts.why, kept ? undefined : 'current-package: <zip file of the running build>');
  }
  if (source.kind === 'package-file') {
    const { package: zip } = facts.value;
    if (zip?.exists) return passed(NAME, `It runs from package ${zip.name}, which is copied.`);
    return failed(
      NAME,
      `It runs from a package (${RUN_FROM_PACKAGE}=1), but ${zip ? `${zip.name} is not in` : 'no packagename.txt is in'} /home/data/SitePackages.`,
      'current-package: <zip file of the running build>',
    );
  }
  const files = (facts.value.wwwroot ?? []).filter(({ name }) => !/^hostingstart/i.test(name));
  if (files.length > 0) return passed(NAME, 'It runs from files in wwwroot, which are copied.');
  return failed(NAME, 'SCM shows no files of it in wwwroot.', 'current-package: <zip file of the running build>');
}

/** A tag can be moved to another image between two starts; a digest cannot. */
function image({ app }: AppLook & RunPart, stack: string, facts: Seen<BuildFacts>): Check {
  if (/^SITECONTAINERS/i.test(stack)) {
    const found = 'It runs in site containers; what a swap does with them is not documented.';
    return warning(NAME, found, `${azWebApp(app, 'sitecontainers convert')} --mode docker`);
  }
  const reference = stack.replace(/^(DOCKER|COMPOSE)\|/i, '');
  if (/@sha256:[0-9a-f]{64}$/i.test(reference)) return passed(NAME, `It is the image ${reference}.`);
  const repository = reference.replace(/:[^:/]*$/, '');
  const digest = facts.value?.digest;
  const isMoving = repository === reference || /:latest$/.test(reference);
  if (digest !== undefined && !isMoving) {
    return passed(NAME, `It is the image ${reference}, whose tag means ${digest}: so the copy and a rollback name it.`);
  }
  const why =
    digest === undefined
      ? `which may mean another image at the next start${facts.why === undefined ? '' : `. ${facts.why}`}`
      : `which may have moved since production started: the copy and a rollback run ${digest}`;
  return warning(
    NAME,
    `It is the image ${reference}, named by a tag, ${why.replace(/\.$/, '')}.`,
    `${azWebApp(app, 'config container set')} --container-image-name ${shell(`${repository}@sha256:<digest>`)}`,
  );
}

/** The slot of the live build fetches the package at every start, so that its signature must outlive the window. */
function packageUrl(settings: Settings, observed: AppLook & RunPart): Check {
  const { production, app, now } = observed;
  const url = production.appSettings[RUN_FROM_PACKAGE] ?? production.appSettings.WEBSITE_USE_ZIP ?? '';
  const expiry = URL.canParse(url) ? new URL(url).searchParams.get('se') : null;
  const fix = `${azWebApp(app, 'config appsettings set')} --settings ${shell(`${RUN_FROM_PACKAGE}=<URL that stays valid>`)}`;
  if (!URL.canParse(url)) return failed(NAME, `${RUN_FROM_PACKAGE} is neither 1 nor a URL.`, fix);
  if (expiry === null)
    return passed(NAME, 'It runs from the package at a URL without an expiry; the setting is copied.');
  const until = Date.parse(expiry);
  if (Number.isNaN(until)) return warning(NAME, `It runs from a URL whose expiry (${expiry}) is not understood.`, fix);
  const needed = Date.parse(now) + longestWindow(settings) * 60_000;
  if (until > needed) return passed(NAME, `It runs from the package at a URL that is valid until ${expiry}.`);
  return failed(
    NAME,
    `It runs from the package at a URL that is valid until ${expiry}, and the window may last ${windowText(settings)}: a restart afterwards would find no build.`,
    fix,
  );
}
