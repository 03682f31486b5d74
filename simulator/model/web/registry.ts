import { createHash } from 'node:crypto';
import type { World } from '../world.ts';
import type { Registry } from './state.ts';

/** Pushes an image to `host/repository:tag`, whose tag moves to it, and returns its digest. */
export function pushImage(world: World, name: string, contentId: string, about: Omit<Registry, 'images'>): string {
  const { host, repository, tag } = partsOf(name);
  const digest = digestOf(manifestOf(contentId));
  world.web.registries[host] ??= { ...about, images: {} };
  const { images: repositories } = world.web.registries[host];
  repositories[repository] ??= { tags: {}, manifests: {} };
  const images = repositories[repository];
  images.manifests[digest] = contentId;
  images.tags[tag] = digest;
  return digest;
}

/** The manifest of an image, whose sha256 is its digest. */
export function manifestOf(contentId: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, config: contentId }));
}

function digestOf(manifest: Uint8Array): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

/** Where a name of an image leads now; undefined when the world has no such registry. */
export function registryOf(
  world: World,
  name: string,
): { readonly registry: Registry; readonly repository: string; readonly digest: string | undefined } | undefined {
  const { host, repository, tag, digest } = partsOf(name);
  const registry = world.web.registries[host];
  return registry && { registry, repository, digest: digest ?? registry.images[repository]?.tags[tag] };
}

/** A name without a registry is Docker Hub's. https://docs.docker.com/reference/cli/docker/image/tag/ */
function partsOf(name: string): { host: string; repository: string; tag: string; digest: string | undefined } {
  const [path = '', digest] = name.split('@');
  const [, bare = '', tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(path) ?? [];
  const slash = bare.indexOf('/');
  const first = bare.slice(0, slash);
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  const host = isHost ? first.toLowerCase() : 'registry-1.docker.io';
  const rest = isHost ? bare.slice(slash + 1) : bare;
  return { host, repository: isHost || rest.includes('/') ? rest : `library/${rest}`, tag, digest };
}
