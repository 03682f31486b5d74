import type { RequestListener } from 'node:http';
import { type CloudPlaces, cloudMetadata } from './cloud-metadata.ts';
import { pathOf, sendJson } from './http-exchange.ts';

/** The resource manager's host: what everybody may ask, the simulator's own pages, and the model for the rest. */
export function resourceManager(parts: {
  readonly places: CloudPlaces;
  readonly debug: RequestListener;
  readonly model: RequestListener;
}): RequestListener {
  return (request, response) => {
    const { pathname, searchParams } = new URL(pathOf(request), parts.places.resourceManager);
    if (pathname.startsWith('/simulator/')) return parts.debug(request, response);
    if (pathname !== '/metadata/endpoints') return parts.model(request, response);
    const metadata = cloudMetadata(parts.places, searchParams.get('api-version') ?? '');
    if (metadata !== undefined) return sendJson(response, 200, metadata);
    const message = 'The api-version query parameter (?api-version=) is required for all requests.';
    return sendJson(response, 400, { error: { code: 'MissingApiVersionParameter', message } });
  };
}
