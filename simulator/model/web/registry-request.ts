import type { Answer } from '../arm/answer.ts';
import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import { manifestOf } from './registry.ts';
import type { Registry } from './state.ts';

/**
 * The registry's HTTP API, as far as it tells what a tag means: manifests, and the tokens that they ask for.
 * https://distribution.github.io/distribution/spec/auth/token/, https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
export function registryRequest(world: World, registry: Registry, asked: ModelRequest, url: URL): Answer {
  const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname);
  if (manifest && (asked.method === 'HEAD' || asked.method === 'GET')) {
    return showManifest(registry, asked, url, manifest[1] ?? '', manifest[2] ?? '');
  }
  if (url.pathname === '/oauth2/token' && asked.method === 'GET') return tokenByLogin(registry, asked, url);
  if (url.pathname === '/oauth2/exchange' && asked.method === 'POST') return exchange(world, asked);
  if (url.pathname === '/oauth2/token' && asked.method === 'POST') return tokenByRefresh(registry, asked);
  throw new Unmodelled(`${asked.method} ${asked.url}`);
}

function showManifest(registry: Registry, asked: ModelRequest, url: URL, repository: string, name: string): Answer {
  const scope = `repository:${repository}:pull`;
  if (asked.headers.authorization !== `Bearer ${scope}`) {
    const challenge = `Bearer realm="${url.origin}/oauth2/token",service="${url.host}",scope="${scope}"`;
    return refused(401, 'UNAUTHORIZED', { 'www-authenticate': challenge });
  }
  const images = registry.images[repository];
  const digest = name.startsWith('sha256:') ? name : images?.tags[name];
  const contentId = images?.manifests[digest ?? ''];
  if (digest === undefined || contentId === undefined) return refused(404, 'MANIFEST_UNKNOWN');
  const headers = { 'docker-content-digest': digest };
  return asked.method === 'HEAD' ? { status: 200, headers } : { status: 200, headers, body: manifestOf(contentId) };
}

/** With nothing for what is public; otherwise with the login of the registry. */
function tokenByLogin(registry: Registry, asked: ModelRequest, url: URL): Answer {
  const { isPublic, login } = registry;
  const right = login && `Basic ${btoa(`${login.user}:${login.password}`)}`;
  const given = asked.headers.authorization;
  if (given === undefined ? !isPublic : given !== right) return refused(401, 'UNAUTHORIZED');
  return { status: 200, body: { access_token: url.searchParams.get('scope') ?? '' } };
}

/** A token of Entra for one of the registry: who it is. What that one may do is found out with the next. */
function exchange(world: World, asked: ModelRequest): Answer {
  const clientId = formOf(asked).get('access_token') ?? '';
  if (world.principals[clientId] === undefined) return refused(401, 'UNAUTHORIZED');
  return { status: 200, body: { refresh_token: clientId } };
}

function tokenByRefresh(registry: Registry, asked: ModelRequest): Answer {
  const form = formOf(asked);
  const mayPull = registry.pullers.includes(form.get('refresh_token') ?? '');
  return mayPull ? { status: 200, body: { access_token: form.get('scope') ?? '' } } : refused(401, 'UNAUTHORIZED');
}

function formOf(asked: ModelRequest): URLSearchParams {
  return new URLSearchParams(new TextDecoder().decode(asked.body));
}

function refused(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: { errors: [{ code, message: 'authentication required' }] } };
}
