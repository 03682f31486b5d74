/** A name of an image in its parts. https://docs.docker.com/reference/cli/docker/image/tag/ */
export interface ImageName {
  /** Where its registry answers, such as `shop.azurecr.io`. */
  readonly host: string;
  /** Such as `team/shop`. */
  readonly repository: string;
  /** Without tag and digest, as it was written. */
  readonly path: string;
  /** A tag, or a digest (`sha256:…`), which wins where both are given. */
  readonly reference: string;
}

/** Reads `[registry/]repository[:tag][@digest]`; undefined when it is none. Without a registry it is Docker Hub's. */
export function imageName(text: string): ImageName | undefined {
  const match = NAME.exec(text);
  const path = match?.groups?.path;
  if (path === undefined) return undefined;
  const { tag = 'latest', digest } = match?.groups ?? {};
  const [first = '', ...rest] = path.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = isHost ? rest.join('/') : rest.length > 0 ? path : `library/${path}`;
  if (repository !== repository.toLowerCase()) return undefined;
  return { host: isHost ? first.toLowerCase() : DOCKER_HUB, repository, path, reference: digest ?? tag };
}

const NAME =
  /^(?<path>[A-Za-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9._-]+)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

const DOCKER_HUB = 'registry-1.docker.io';

/** The same image by its digest alone: `shop.azurecr.io/shop:2@sha256:…` as `shop.azurecr.io/shop@sha256:…`. */
export function pinned(text: string): string | undefined {
  const name = imageName(text);
  return name?.reference.startsWith('sha256:') ? `${name.path}@${name.reference}` : undefined;
}
