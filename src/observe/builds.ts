import { imageDigest, type RegistryLogin } from '../azure/registry.ts';
import type { Context } from '../context/context.ts';
import { buildId, type Image, type PackageUrl, withoutQuery } from '../deployment/build.ts';
import { buildSource } from '../deployment/build-source.ts';
import { imageName } from '../deployment/image-name.ts';
import { preparedImage } from '../deployment/image-of-slot.ts';
import { withSettings } from '../deployment/instance-settings.ts';
import { holds } from '../deployment/marker.ts';
import type { AppLook, Slot } from '../deployment/observed.ts';
import { digestIn } from '../deployment/same-build.ts';
import { messageOf, Stop } from '../errors.ts';
import type { PhaseTraits } from '../settings/phases.ts';

type Slots = Pick<AppLook, 'production' | 'readonlySlot' | 'stagingSlot'>;

/**
 * The builds that a phase brings to slots, each by what can mean only one. Before the window names are looked up; in the window a
 * name of an image means what it meant when the slot was prepared, so that neither a tag that moves nor a registry that does not
 * answer is in the way of visitors.
 */
export async function lookAtBuilds(
  context: Context,
  phase: PhaseTraits,
  slots: Slots,
): Promise<Pick<AppLook, 'newBuild' | 'liveImage'>> {
  const bringsBuilds = phase.changes && phase.readsPackage === true;
  if (!bringsBuilds) return { newBuild: context.newBuild, liveImage: null };
  const isBefore = phase.opensWindow === true;
  const [newBuild, liveImage] = await Promise.all([
    newBuildOf(context, slots, isBefore),
    isBefore ? liveImageOf(context, slots) : null,
  ]);
  return { newBuild, liveImage };
}

async function newBuildOf(context: Context, { production, stagingSlot }: Slots, isBefore: boolean) {
  const { settings, known } = context;
  if (settings.packageUrl !== undefined) return askForPackage(context, settings.packageUrl, production);
  if (settings.image === undefined) return context.newBuild;
  const isOurs = holds(stagingSlot, known.deploymentId ?? '', 'new');
  const prepared = isBefore || !isOurs ? undefined : preparedImage(stagingSlot, settings.image);
  const digest = prepared && imageName(prepared)?.reference;
  return digest ? imageAs(settings.image, digest) : askForImage(context, settings.image, production);
}

/** Undefined becomes null, and the copy is named as production is, when nobody can say what the tag means: `preflight` warns. */
async function liveImageOf(context: Context, { production, readonlySlot }: Slots): Promise<string | null> {
  const named = imageOf(production);
  if (named === undefined) return null;
  const prepared = holds(readonlySlot, context.known.deploymentId ?? '', 'read-only')
    ? preparedImage(readonlySlot, named)
    : undefined;
  if (prepared) return prepared;
  try {
    return buildId(await askForImage(context, named, production));
  } catch (error) {
    context.signal.throwIfAborted();
    context.ports.log.warning(`The read-only copy is named by the tag of production. ${messageOf(error)}`);
    return null;
  }
}

/** What a slot runs as its one container, such as `shop.azurecr.io/shop:1`. */
export function imageOf(slot: Slot): string | undefined {
  const source = buildSource(slot);
  return source.kind === 'image' ? /^DOCKER\|(.+)$/i.exec(source.image)?.[1] : undefined;
}

/**
 * Looks up a name of an image, with the login that production pulls with.
 * @throws Stop when the registry does not say which image it means.
 */
export async function askForImage(context: Asking, named: string, production: Slot): Promise<Image> {
  const digest = digestIn(named);
  return digest === undefined ? askRegistry(context, named, production) : imageAs(named, digest);
}

type Asking = Pick<Context, 'arm' | 'ports' | 'settings'>;

/** The same, asked also where the name says it already: whether there is such an image, and whether somebody may pull it. */
export async function askRegistry({ arm, ports, settings }: Asking, named: string, production: Slot): Promise<Image> {
  const name = imageName(named);
  if (!name) throw new Stop('failed', `${named} is no name of an image.`, 'image: <registry>/<name>:<tag>');
  const login = loginFor(name.host, withSettings(production.appSettings, settings.appSettings));
  return imageAs(named, await imageDigest(arm, ports.send, { named, ...name }, login));
}

function imageAs(named: string, digest: string): Image {
  return { kind: 'image', named, digest };
}

/** https://learn.microsoft.com/azure/app-service/reference-app-settings#custom-containers. Only App Service can read a reference. */
function loginFor(host: string, settings: Readonly<Record<string, string>>): RegistryLogin | undefined {
  const { DOCKER_REGISTRY_SERVER_URL: url = '' } = settings;
  const { DOCKER_REGISTRY_SERVER_USERNAME: user, DOCKER_REGISTRY_SERVER_PASSWORD: password } = settings;
  if (!user || !password || [user, password].some((text) => text.startsWith('@Microsoft.KeyVault('))) return undefined;
  const of = url.toLowerCase().replaceAll(/^https?:\/\/|(:443)?(\/.*)?$/g, '');
  const isHub = (text: string) => /(^|\.)docker\.(io|com)$/.test(text);
  return of === host || (isHub(of) && isHub(host)) ? { user, password } : undefined;
}

/**
 * Asks for a package without fetching it.
 * @throws Stop when there is nothing, or no answer.
 */
export async function askForPackage(
  { ports, signal }: Pick<Context, 'ports' | 'signal'>,
  url: string,
  production: Slot,
): Promise<PackageUrl> {
  const what = `The package at ${withoutQuery(url)}`;
  const answer = await ports
    .send({ method: 'HEAD', url, headers: {}, timeoutMs: 30_000 }, signal)
    .catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new Stop('failed', `${what} gave no answer (${messageOf(cause)}).`, 'Run the phase again.', { cause });
    });
  if (answer.status === 200) {
    const { etag, 'last-modified': modified } = answer.headers;
    return { kind: 'package-url', url, etag: etag ?? modified };
  }
  // Then App Service signs in there with an identity of the app, and this run cannot look.
  if (production.appSettings.WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID)
    return { kind: 'package-url', url, etag: undefined };
  throw new Stop(
    'failed',
    `${what} cannot be fetched: its host answered ${answer.status}.`,
    'Give input package a URL that App Service can fetch until the end of the window, with a signature that is valid so long.',
  );
}
